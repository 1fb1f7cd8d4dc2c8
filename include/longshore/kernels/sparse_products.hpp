// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/sparse_rows.hpp>
#include <longshore/core/team.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `sparse_products`, which says what it computes.
template <class Real, class Space>
struct SparseProducts {
  static inline const std::string label = "longshore::sparse_products";
  static constexpr int team_size = 64;
  /// Rows that one body takes.
  static constexpr Index rows_each = is_host_space<Space> ? 16 : 1;
  SparseRows<Real, Space> rows;
  Index features;
  const Real* x;
  Real* y;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * rows_each;
    const Index last = rows.row_count - first < rows_each ? rows.row_count : first + rows_each;
    for (Index r = first; r < last; ++r) row(team, r, y + std::int64_t{r} * features);
  }

 private:
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, Index r, Real* to) const {
#if !LONGSHORE_ON_DEVICE
    if constexpr (Team::single) {
      constexpr Index width = Simd<Real>::width;
      Index d = 0;
      for (; d + 4 * width <= features; d += 4 * width) columns<4>(r, d, to + d);
      for (; d + 2 * width <= features; d += 2 * width) columns<2>(r, d, to + d);
      for (; d + width <= features; d += width) columns<1>(r, d, to + d);
      for (; d < features; ++d) to[d] = column(r, d);
      return;
    }
#endif
    for (Index d = team.rank(); d < features; d += team.size()) to[d] = column(r, d);
  }

  /// `Registers` vectors of columns, summed in registers over all entries of the row.
  template <int Registers>
  void columns(Index r, Index first, Real* to) const {
    using Vector = Simd<Real>;
    Vector sum[Registers];
    unroll<Registers>([&](auto v) { sum[v] = Vector::broadcast(0); });
    for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n) {
      const Vector value = Vector::broadcast(rows.values[n]);
      const Real* from = x + std::int64_t{rows.columns[n]} * features + first;
      unroll<Registers>([&](auto v) { sum[v].add_product(value, Vector::load(from + v * Vector::width)); });
    }
    unroll<Registers>([&](auto v) { sum[v].store(to + v * Vector::width); });
  }
  KOKKOS_INLINE_FUNCTION Real column(Index r, Index d) const {
    Real sum = 0;
    for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n)
      sum += rows.values[n] * x[std::int64_t{rows.columns[n]} * features + d];
    return sum;
  }
};

/// Entries that one body of `sum_of_squares` adds up.
inline constexpr std::int64_t sparse_square_chunk = 65536;

/// The body of `sum_of_squares`, which says what it computes.
template <class Real>
struct SparseSquares {
  static inline const std::string label = "longshore::sum_of_squares";
  const Real* values;
  std::int64_t count;
  double* parts;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t part) const {
    const std::int64_t first = part * sparse_square_chunk;
    const std::int64_t last = count - first < sparse_square_chunk ? count : first + sparse_square_chunk;
    double sum = 0;
    for (std::int64_t n = first; n < last; ++n) {
      const auto value = static_cast<double>(values[n]);
      sum += value * value;
    }
    parts[part] = sum;
  }
};

/// Multiplies a sparse matrix by a dense one: y = S x. Does not wait.
///
/// The entries of a row are added in their order: the same bits at any number of threads.
///
/// Cost: O((N + R) D), no scratch.
///
/// @param rows  S (R, C) of N entries
/// @param x     (C, D)
/// @param y     (R, D) overwritten
template <class Real, class Space, class Executor>
void sparse_products(const Executor& executor, const SparseRows<Real, Space>& rows, View<const Real, 2, Space> x,
                     View<Real, 2, Space> y) {
  using Body = SparseProducts<Real, Space>;
  const std::int64_t teams = (std::int64_t{rows.row_count} + Body::rows_each - 1) / Body::rows_each;
  for_each_team<Space>(executor, teams, Body{rows, x.extent(1), x.data(), y.data()});
}

/// Numbers of scratch that `sum_of_squares` needs.
template <class Real, class Space>
std::size_t sum_of_squares_workspace(const SparseRows<Real, Space>& rows) {
  return static_cast<std::size_t>((rows.entries + sparse_square_chunk - 1) / sparse_square_chunk);
}

/// The sum of the squares of all entries, in double. Does not wait.
///
/// Cost: O(N); scratch one number for every 65,536 entries.
///
/// @param workspace  sum_of_squares_workspace(rows) numbers
/// @param sum        (1) overwritten
template <class Real, class Space, class Executor>
void sum_of_squares(const Executor& executor, const SparseRows<Real, Space>& rows, View<double, 1, Space> workspace,
                    View<double, 1, Space> sum) {
  const auto parts = static_cast<Index>(sum_of_squares_workspace(rows));
  for_each(executor, parts, SparseSquares<Real>{rows.values, rows.entries, workspace.data()});
  for_each(executor, 1, SumChunks<double>{workspace.data(), parts, 1, sum.data(), Update::write});
}

}  // namespace longshore::inline LONGSHORE_ABI
