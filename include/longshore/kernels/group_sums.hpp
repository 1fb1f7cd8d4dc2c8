// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/multiply.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Elements that one body adds up at a time.
inline constexpr Index group_sum_chunk = 256;

/// The body of `sum_groups`, which says what it computes.
template <class Real>
struct SumGroups {
  static inline const std::string label = "longshore::sum_groups";
  static constexpr int team_size = 64;
  Index groups;
  std::int64_t size;
  Real* parts;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * group_sum_chunk;
    const auto count = static_cast<Index>(size - first < group_sum_chunk ? size - first : group_sum_chunk);
    Real* sum = parts + first;
    for (Index g = 1; g < groups; ++g)
      for (Index j = team.rank(); j < count; j += team.size()) sum[j] += parts[g * size + first + j];
  }
};

/// The body of `put_block`, which says what it computes.
template <class Real>
struct PutBlock {
  static inline const std::string label = "longshore::put_block";
  Index columns;
  Strided<const Real> from;
  Strided<Real> to;
  Update update;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t e) const {
    const auto i = static_cast<Index>(e / columns), j = static_cast<Index>(e % columns);
    to(i, j) = update == Update::add ? to(i, j) + from(i, j) : from(i, j);
  }
};

/// Adds what groups of rows left, each a part of its own, into the first part, in the order of the groups: the same
/// bits at any number of threads. Does not wait.
///
/// Cost: O(groups size), in place.
///
/// @param parts  (groups, size); the first part becomes the sum
template <class Real, class Space, class Executor>
void sum_groups(const Executor& executor, Index groups, std::int64_t size, Real* parts) {
  if (groups > 1)
    for_each_team<Space>(executor, (size + group_sum_chunk - 1) / group_sum_chunk,
                         SumGroups<Real>{groups, size, parts});
}

/// Writes a matrix into a part of another one, or adds it. Does not wait.
///
/// Cost: O(rows columns), no scratch.
///
/// @param from, to  (rows, columns), any strides
template <class Real, class Executor>
void put_block(const Executor& executor, Index rows, Index columns, Strided<const Real> from, Strided<Real> to,
               Update update) {
  for_each(executor, std::int64_t{rows} * columns, PutBlock<Real>{columns, from, to, update});
}

}  // namespace longshore::inline LONGSHORE_ABI
