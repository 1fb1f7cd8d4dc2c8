// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/random.hpp>
#include <longshore/kernels/bpr_steps.hpp>

namespace longshore::inline LONGSHORE_ABI {

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
  Real rate, regularisation;
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
          p[d] += rate * (push * (its[d] - others[d]) - regularisation * p[d]);
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

/// The body of `fold_in_bpr_items`, which says what it computes.
template <class Real, class Space>
struct FoldInBprItems {
  static inline const std::string label = "longshore::fold_in_bpr_items";
  static constexpr int team_size = 32;
  SparseRows<Real, Space> rows;     // (R, U)
  SparseRows<Real, Space> by_user;  // (U, I) what the users had in training
  Random random;
  Index features, passes;
  const Real* user_factors;  // (U, D)
  const Real* item_factors;  // (I, D)
  const Real* item_bias;     // (I), or null
  Real rate, regularisation;
  Real* result;  // (R, D)
  Real* bias;    // (R), or null

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index r = team.league();
    const std::int64_t begin = rows.begin(r), chosen = rows.end(r) - begin;
    const std::int64_t drawn = (by_user.entries + by_user.column_count / 2) / by_user.column_count;
    Real* q = result + std::int64_t{r} * features;
    for (Index d = team.rank(); d < features; d += team.size()) q[d] = 0;
    Real its_bias = 0;
    for (Index pass = 0; pass < passes; ++pass) {
      const Random draws = random.at(static_cast<std::uint64_t>(pass));
      std::int64_t n = 0;  // comparisons as the item that was chosen
      for (std::int64_t step = 0; step < chosen + drawn; ++step) {
        const bool positive = (step + 1) * chosen / (chosen + drawn) > n;
        const Opponent other =
            positive ? draw_item(draws, rows.columns[begin + n++], step) : draw_entry(draws, r, step);
        if (other.item < 0) continue;
        const Real* p = user_factors + std::int64_t{other.user} * features;
        const Real* its = item_factors + std::int64_t{other.item} * features;
        Real above = sum_rows<Real>(team, features, BprScore{}, p, q, its);
        if (item_bias) above += its_bias - item_bias[other.item];
        // As the chosen one it is pushed up where it is below; as the other one, down where it is above.
        const Real push = positive ? math::sigmoid(-above) : -math::sigmoid(above);
        for (Index d = team.rank(); d < features; d += team.size())
          q[d] += rate * (push * p[d] - regularisation * q[d]);
        its_bias += rate * (push - regularisation * its_bias);
      }
    }
    if (bias && team.rank() == 0) bias[r] = its_bias;
  }

 private:
  // Whom the new item is compared with, by a user; item -1: nobody.
  struct Opponent {
    Index user;
    Id item;
  };

  KOKKOS_INLINE_FUNCTION static bool has(const SparseRows<Real, Space>& matrix, Index row, Id column) {
    const std::int64_t end = matrix.end(row);
    const std::int64_t found = first_not_below(matrix.columns, matrix.begin(row), end, column);
    return found < end && matrix.columns[found] == column;
  }

  KOKKOS_INLINE_FUNCTION Opponent draw_item(const Random& draws, Index user, std::int64_t step) const {
    const auto items = static_cast<std::uint64_t>(by_user.column_count);
    const auto item = static_cast<Id>(draws.below(static_cast<std::uint64_t>(step), items));
    return {user, has(by_user, user, item) ? Id{-1} : item};
  }

  KOKKOS_INLINE_FUNCTION Opponent draw_entry(const Random& draws, Index r, std::int64_t step) const {
    const auto entries = static_cast<std::uint64_t>(by_user.entries);
    const auto entry = static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(step), entries));
    const std::int64_t users = by_user.row_count;
    const auto user = static_cast<Index>(first_not_below(by_user.offsets, std::int64_t{1}, users, entry + 1) - 1);
    return {user, has(rows, r, static_cast<Id>(user)) ? Id{-1} : by_user.columns[entry]};
  }
};

/// The vectors of new items by the same descent, while everything else stays as it is. Does not wait.
///
/// In a pass a new item is compared as often as in an epoch of training with uniform negatives: as the chosen item,
/// once by each of its users, with an item that is drawn; and as the other one by the users of N / I entries that are
/// drawn from the training, with the entry's item. Both in turns; a draw is skipped where the user has both items.
/// Draws depend on nothing but a row: the same row gives the same vector wherever it stands.
///
/// Cost: O(passes (n + N / I) (D + log N)) for a row of n entries; one launch.
///
/// @param work  its result (R, D) and bias (R) are overwritten; there are items and entries of training
template <class Real, class Space, class Executor>
void fold_in_bpr_items(const Executor& executor, const FoldInBprItems<Real, Space>& work) {
  for_each_team<Space>(executor, work.rows.row_count, work);
}

}  // namespace longshore::inline LONGSHORE_ABI
