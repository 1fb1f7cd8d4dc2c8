// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/random.hpp>
#include <longshore/kernels/change_rows.hpp>
#include <longshore/kernels/rating_blocks.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Draws negatives that stay with few items at a time and are, over all epochs, drawn from the whole catalogue.
///
/// H groups of items have about the same weight, at most `span`. An item of group h gets its negative with probability
/// 1 / H from its own group, else from the group `partners[g]` further on, which no other body has at that time. In its
/// group a place below `span` is drawn; a place without an item, and an item that the user has, give no negative. Where
/// partners are drawn anew each epoch, all distances alike, every item not seen by the user is drawn with a probability
/// that is proportional to its weight, whatever user and positive: the distribution is that of draws from the whole
/// catalogue that are skipped where the user has the item.
template <class Real, class Space>
struct NegativeGroups {
  SparseRows<Real, Space> by_user;
  Index item_groups = 0;             // H
  const Index* item_cuts = nullptr;  // (H+1)
  const Index* partners = nullptr;   // (G) 1 to H - 1; not read if H is 1
  const double* weights = nullptr;   // (I+1) sums of the weights of the items before; null: every item weighs 1
  double span = 0;                   // the largest weight of a group

  /// @param random  of this epoch
  /// @param n       the entry of the positive
  /// @return        an item, or -1: none
  KOKKOS_INLINE_FUNCTION Id draw(const Random& random, const RatingBlock& block, Index user, std::int64_t n) const {
    const FourWords words = random.block(static_cast<std::uint64_t>(n));
    const auto groups = static_cast<std::uint64_t>(item_groups);
    Index group = block.item_group;
    if (((words.words[0] * groups) >> 32) != 0) group = (group + partners[block.user_group]) % item_groups;
    const Id item = place(group, words);
    if (item < 0) return -1;
    const std::int64_t end = by_user.end(user);
    const std::int64_t found = first_not_below(by_user.columns, by_user.begin(user), end, item);
    return found < end && by_user.columns[found] == item ? Id{-1} : item;
  }

 private:
  KOKKOS_INLINE_FUNCTION Id place(Index group, const FourWords& words) const {
    const Index first = item_cuts[group], last = item_cuts[group + 1];
    if (!weights) {
      const auto at = static_cast<Index>((words.words[1] * static_cast<std::uint64_t>(span)) >> 32);
      return at < last - first ? first + at : Id{-1};
    }
    const double share =
        (static_cast<double>(words.words[1]) + static_cast<double>(words.words[2]) * 0x1p-32) * 0x1p-32;
    const double sum = weights[first] + share * span;
    if (!(sum < weights[last])) return -1;
    std::int64_t below = first, above = last;  // the last item whose sum is not above
    while (above - below > 1) {
      const std::int64_t middle = below + (above - below) / 2;
      if (weights[middle] > sum)
        above = middle;
      else
        below = middle;
    }
    return static_cast<Id>(below);
  }
};

/// p (q - q'): the rule of a comparison.
struct BprScore {
  template <class Number>
  KOKKOS_INLINE_FUNCTION Number operator()(const Number& p, const Number& liked, const Number& other) const {
    return p * (liked - other);
  }
};

/// What one comparison changes: p, the positive's and the negative's row.
template <class Real>
struct BprRule {
  Real push, rate, user_penalty, item_penalty;  // push: sigmoid of minus the difference
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& p, Number& liked, Number& other) const {
    const Number user = push * (liked - other) - user_penalty * p;
    const Number up = push * p - item_penalty * liked, down = Real(0) - push * p - item_penalty * other;
    p += rate * user;
    liked += rate * up;
    other += rate * down;
  }
};

/// A step of Bayesian personalised ranking for one positive: a body of `visit_rating_blocks`.
///
///   x = <p_u, q_i - q_j> + b_i - b_j;  s = sigmoid(-x)
///   p += rate (s (q_i - q_j) - lambda p);  q_i += rate (s p - lambda q_i);  q_j += rate (-s p - lambda q_j)
///   b_i += rate (s - lambda b_i);  b_j += rate (-s - lambda b_j)
///
/// Cost: O(D + log |I_u|) a positive. The loss is log(1 + e^-x); no negative, no step and no loss.
/// Source: Rendle et al. 2009, figure 4.
template <class Real, class Space>
struct BprStep {
  static inline const std::string label = "longshore::bpr_step";
  NegativeGroups<Real, Space> negatives;
  Random random;  // of this epoch
  Index features;
  Real* user_factors;  // (U, D)
  Real* item_factors;  // (I, D)
  Real* item_bias;     // (I), or null
  Real rate, user_penalty, item_penalty, bias_penalty;
  using Prepared = Id;  // the negative, or -1

  /// Draws the negative of entry n, -1 if there is none, and fetches both items' rows.
  KOKKOS_INLINE_FUNCTION Prepared prepare(const RatingBlock& block, Index user, std::int64_t n) const {
    const Id other = negatives.draw(random, block, user, n);
    if (other < 0) return other;
    fetch_row(item_factors + std::int64_t{other} * features, features);
    fetch_row(item_factors + std::int64_t{negatives.by_user.columns[n]} * features, features);
    return other;
  }

  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION StepLoss<Real> operator()(const Team& team, const RatingBlock&, Index user,
                                                        std::int64_t n, Id other) const {
    if (other < 0) return {};
    const Id liked = negatives.by_user.columns[n];
    Real* p = user_factors + std::int64_t{user} * features;
    Real* its = item_factors + std::int64_t{liked} * features;
    Real* others = item_factors + std::int64_t{other} * features;
    Real above = sum_rows<Real>(team, features, BprScore{}, p, its, others);
    if (item_bias) above += item_bias[liked] - item_bias[other];
    // sigmoid(-x) and log(1 + e^-x), by one exponential.
    const Real small = math::exp(-math::size_of(above)), share = Real(1) / (Real(1) + small);
    const Real push = above < Real(0) ? share : small * share;
    const Real loss = (above < Real(0) ? -above : Real(0)) + math::log1p_to_one(small);
    team.barrier();
    if (item_bias && team.rank() == 0) {
      item_bias[liked] += rate * (push - bias_penalty * item_bias[liked]);
      item_bias[other] += rate * (Real(0) - push - bias_penalty * item_bias[other]);
    }
    change_rows<Real>(team, features, BprRule<Real>{push, rate, user_penalty, item_penalty}, p, its, others);
    team.barrier();
    return {loss, Real(1)};
  }
};

/// The body of `fold_in_bpr`, which says what it computes.
template <class Real, class Space>
struct FoldInBpr {
  static inline const std::string label = "longshore::fold_in_bpr";
  static constexpr int team_size = 32;
  SparseRows<Real, Space> rows;
  Random random;
  Index features, passes;
  const Real* item_factors;  // (I, D)
  const Real* item_bias;     // (I), or null
  Real rate, penalty;
  Real* result;  // (R, D)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index r = team.league();
    const std::int64_t begin = rows.begin(r), end = rows.end(r);
    Real* p = result + std::int64_t{r} * features;
    for (Index d = team.rank(); d < features; d += team.size()) p[d] = 0;
    for (Index pass = 0; pass < passes; ++pass)
      for (std::int64_t n = begin; n < end; ++n) {
        const auto draw = static_cast<std::uint64_t>(n - begin);
        const auto other = static_cast<Id>(
            random.at(static_cast<std::uint64_t>(pass)).below(draw, static_cast<std::uint64_t>(rows.column_count)));
        const std::int64_t found = first_not_below(rows.columns, begin, end, other);
        if (found < end && rows.columns[found] == other) continue;
        const Id liked = rows.columns[n];
        const Real* its = item_factors + std::int64_t{liked} * features;
        const Real* others = item_factors + std::int64_t{other} * features;
        Real above = sum_rows<Real>(team, features, BprScore{}, p, its, others);
        if (item_bias) above += item_bias[liked] - item_bias[other];
        const Real push = math::sigmoid(-above);
        for (Index d = team.rank(); d < features; d += team.size())
          p[d] += rate * (push * (its[d] - others[d]) - penalty * p[d]);
      }
  }
};

/// The vectors of new users by the same descent, with uniform negatives, while the items stay as they are. Does not
/// wait.
///
/// A user's draws depend on nothing but its own row: the same row gives the same vector wherever it stands. Without
/// entries it is 0. Cost: O(passes n (D + log n)) for a row of n entries; one launch.
///
/// @param work  its result (R, D) is overwritten
template <class Real, class Space, class Executor>
void fold_in_bpr(const Executor& executor, const FoldInBpr<Real, Space>& work) {
  for_each_team<Space>(executor, work.rows.row_count, work);
}

}  // namespace longshore::inline LONGSHORE_ABI
