// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that one team of `column_products` takes.
inline constexpr Index column_product_rows = 1024;
/// Rows that it converts at a time.
inline constexpr Index column_product_block = 32;

/// The body of `column_products`, which says what it computes.
template <class Real>
struct ColumnProducts {
  static inline const std::string label = "longshore::column_products";
  static constexpr int team_size = 128;
  Index rows, columns;
  const Real* y;
  double* parts;   // (teams, D, D)
  double* blocks;  // (teams, column_product_block, D)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index begin = team.league() * column_product_rows;
    const Index end = rows - begin < column_product_rows ? rows : begin + column_product_rows;
    double* block = blocks + std::int64_t{team.league()} * column_product_block * columns;
    double* part = parts + std::int64_t{team.league()} * columns * columns;
    for (Index first = begin; first < end; first += column_product_block) {
      const Index some = end - first < column_product_block ? end - first : column_product_block;
      const Real* from = y + std::int64_t{first} * columns;
      for (Index i = team.rank(); i < some * columns; i += team.size()) block[i] = static_cast<double>(from[i]);
      team.barrier();
      multiply<double>(team, columns, columns, some, {block, 1, columns}, {block, columns}, {part, columns},
                       first == begin ? Update::write : Update::add);
      team.barrier();
    }
  }
};

/// Numbers of scratch that `column_products` needs.
inline std::size_t column_products_workspace(Index rows, Index columns) {
  const auto teams = static_cast<std::size_t>(chunk_count(rows, column_product_rows));
  return teams * static_cast<std::size_t>(columns) * static_cast<std::size_t>(columns + column_product_block);
}

/// The products of all pairs of columns, YᵀY, worked out in double whatever Y is: a Gram matrix that keeps the digits
/// which orthonormal columns need. Does not wait.
///
/// Parts of fixed length are added in order: the same bits at any number of threads.
///
/// Cost: O(N D²); scratch D (D + 32) numbers for every 1,024 rows.
///
/// @param y          (N, D)
/// @param products   (D, D) overwritten
/// @param workspace  column_products_workspace(N, D) numbers
template <class Real, class Space, class Executor>
void column_products(const Executor& executor, View<const Real, 2, Space> y, View<double, 2, Space> products,
                     View<double, 1, Space> workspace) {
  const Index rows = y.extent(0), columns = y.extent(1), teams = chunk_count(rows, column_product_rows);
  const std::int64_t size = std::int64_t{columns} * columns;
  double* blocks = workspace.data() + teams * size;
  for_each_team<Space>(executor, teams, ColumnProducts<Real>{rows, columns, y.data(), workspace.data(), blocks});
  for_each(executor, size, SumChunks<double>{workspace.data(), teams, size, products.data(), Update::write});
}

}  // namespace longshore::inline LONGSHORE_ABI
