// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/sparse_rows.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `sparse_gram`, which says what it computes.
template <class Real, class Space>
struct SparseGram {
  static inline const std::string label = "longshore::sparse_gram";
  static constexpr int team_size = 128;
  SparseRows<Real, Space> rows, columns;
  Real ridge;
  Real* gram;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index size = columns.row_count, j = size - 1 - team.league();  // the longest rows first
    Real* to = gram + std::int64_t{j} * size;
    for (Index i = team.rank(); i <= j; i += team.size()) to[i] = i == j ? ridge : Real(0);
    team.barrier();
    for (std::int64_t n = columns.begin(j); n < columns.end(j); ++n) {
      const Real value = columns.values[n];
      const Index row = columns.columns[n];
      for (std::int64_t m = rows.begin(row) + team.rank(); m < rows.end(row); m += team.size()) {
        const Id i = rows.columns[m];
        if (i > j) break;
        to[i] += value * rows.values[m];
      }
      team.barrier();
    }
  }
};

/// The products of all pairs of columns of a sparse matrix, XᵀX, with a number added on the diagonal: the lower
/// triangle. Does not wait.
///
/// Each element is added up in the order of the rows: the same bits at any number of threads.
///
/// Cost: O(I² + sum over rows of the square of their entries), no scratch.
///
/// @param rows     X (U, I)
/// @param columns  its transpose (I, U)
/// @param ridge    what the diagonal starts with
/// @param gram     (I, I) overwritten on and below the diagonal
template <class Real, class Space, class Executor>
void sparse_gram(const Executor& executor, const SparseRows<Real, Space>& rows, const SparseRows<Real, Space>& columns,
                 Real ridge, View<Real, 2, Space> gram) {
  for_each_team<Space>(executor, columns.row_count, SparseGram<Real, Space>{rows, columns, ridge, gram.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
