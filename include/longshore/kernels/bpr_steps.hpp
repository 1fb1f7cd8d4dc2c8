// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/random.hpp>
#include <longshore/kernels/change_rows.hpp>
#include <longshore/kernels/paired_blocks.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Draws negatives that stay with few items at a time and are, over all epochs, drawn from the whole catalogue.
///
/// H groups of items have about the same weight, at most `span`. An item gets its negative with probability 1 / H from
/// its own group, else from the one that is met together with it, which no other body has at that time. In its group a
/// place below `span` is drawn; a place without an item, and an item that the user has, give no negative. Where pairs
/// are drawn anew each epoch, all alike, every item not seen by the user is drawn with a probability that is
/// proportional to its weight, whatever user and positive: the distribution is that of draws from the whole catalogue
/// that are skipped where the user has the item.
template <class Real, class Space>
struct NegativeGroups {
  SparseRows<Real, Space> by_user;
  Index item_groups = 0;             // H
  const Index* item_cuts = nullptr;  // (H+1)
  const double* weights = nullptr;   // (I+1) sums of the weights of the items before; null: every item weighs 1
  double span = 0;                   // the largest weight of a group

  /// @param random  of this epoch
  /// @param groups  that of the positive, and the one beside it
  /// @param n       the entry of the positive
  /// @return        an item, or -1: none
  KOKKOS_INLINE_FUNCTION Id draw(const Random& random, const GroupPair& groups, Index user, std::int64_t n) const {
    const FourWords words = random.block(static_cast<std::uint64_t>(n));
    const bool own = ((words.words[0] * static_cast<std::uint64_t>(item_groups)) >> 32) == 0;
    const Id item = place(own ? groups.own : groups.other, words);
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
  Real push, rate, user_regularisation, item_regularisation;  // push: sigmoid of minus the difference
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& p, Number& liked, Number& other) const {
    const Number user = push * (liked - other) - user_regularisation * p;
    const Number up = push * p - item_regularisation * liked, down = Real(0) - push * p - item_regularisation * other;
    p += rate * user;
    liked += rate * up;
    other += rate * down;
  }
};

/// A step of Bayesian personalised ranking for one positive: a body of `visit_paired_blocks`.
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
  Real rate, user_regularisation, item_regularisation, bias_regularisation;
  using Prepared = Id;  // the negative, or -1

  /// Draws the negative of entry n, -1 if there is none, and fetches both items' rows.
  KOKKOS_INLINE_FUNCTION Prepared prepare(const GroupPair& groups, Index user, std::int64_t n) const {
    const Id other = negatives.draw(random, groups, user, n);
    if (other < 0) return other;
    fetch_row(item_factors + std::int64_t{other} * features, features);
    fetch_row(item_factors + std::int64_t{negatives.by_user.columns[n]} * features, features);
    return other;
  }

  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION StepLoss<Real> operator()(const Team& team, const GroupPair&, Index user, std::int64_t n,
                                                        Id other) const {
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
      item_bias[liked] += rate * (push - bias_regularisation * item_bias[liked]);
      item_bias[other] += rate * (Real(0) - push - bias_regularisation * item_bias[other]);
    }
    change_rows<Real>(team, features, BprRule<Real>{push, rate, user_regularisation, item_regularisation}, p, its,
                      others);
    team.barrier();
    return {loss, Real(1)};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
