// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that one body adds up at a time.
inline constexpr Index column_sum_chunk = 256;

/// The body of `column_sums`, which says what it computes.
template <class Real>
struct ColumnSums {
  static inline const std::string label = "longshore::column_sums";
  static constexpr int team_size = 128;
  Index rows, columns;
  Strided<const Real> from;
  Real* parts;  // (chunks, columns)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * column_sum_chunk;
    const Index last = first + column_sum_chunk < rows ? first + column_sum_chunk : rows;
    Real* part = parts + std::int64_t{team.league()} * columns;
    for (Index j = team.rank(); j < columns; j += team.size()) part[j] = 0;
    for (Index i = first; i < last; ++i)
      for (Index j = team.rank(); j < columns; j += team.size()) part[j] += from(i, j);
  }
};

/// Numbers of scratch that `column_sums` needs.
inline std::size_t column_sums_workspace(Index rows, Index columns) {
  return static_cast<std::size_t>(chunk_count(rows, column_sum_chunk)) * static_cast<std::size_t>(columns);
}

/// result (+)= the sum over all rows of each column, as gradients of biases are. Does not wait.
///
/// Chunks of fixed length are summed one by one and then in order: the same bits at any thread count.
///
/// Cost: O(rows columns); scratch columns numbers for every 256 rows.
///
/// @param from       (rows, columns), column_stride 1
/// @param result     (columns) overwritten or added to
/// @param workspace  column_sums_workspace(rows, columns) numbers
template <class Real, class Space, class Executor>
void column_sums(const Executor& executor, Index rows, Index columns, Strided<const Real> from, Real* result,
                 Update update, Real* workspace) {
  const Index chunks = chunk_count(rows, column_sum_chunk);
  for_each_team<Space>(executor, chunks, ColumnSums<Real>{rows, columns, from, workspace});
  for_each(executor, columns, SumChunks<Real>{workspace, chunks, columns, result, update});
}

}  // namespace longshore::inline LONGSHORE_ABI
