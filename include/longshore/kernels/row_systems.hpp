// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/math.hpp>
#include <longshore/core/sparse_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the value v of an entry stands for in the system of its row: the weight a = weight_scale v + weight_start, and
/// the target b = target_scale v + target_start, 0 where v is 0.
template <class Real>
struct EntryWeights {
  Real weight_scale = 0, weight_start = 1;
  Real target_scale = 1, target_start = 0;
  bool squares = false;  // what an entry adds to the objective when every score is 0: v v, or else b

  KOKKOS_INLINE_FUNCTION Real weight(Real value) const { return weight_scale * value + weight_start; }
  KOKKOS_INLINE_FUNCTION Real target(Real value) const {
    return (value == Real(0) ? Real(0) : Real(1)) * (target_scale * value + target_start);  // without a branch
  }
  KOKKOS_INLINE_FUNCTION double constant(Real value) const {
    return squares ? static_cast<double>(value) * static_cast<double>(value) : static_cast<double>(target(value));
  }
};

/// A small linear system for each row r of a sparse matrix (R, C), in the rows y of a table (C, D):
///
///   (G + ridge_r 1 + sum_e a_e y_e y_eᵀ) x_r = sum_e b_e y_e,   ridge_r = ridge (n_r + ridge_start) ^ ridge_exponent
///
/// over the n_r entries e of the row. It is what half a pass of alternating least squares solves: its solution is the
/// least of x G x + ridge_r x x + sum_e (a_e (y_e x)^2 - 2 b_e (y_e x)). A row without entries has the solution 0.
///
/// Trivially copyable. Cost: O(1).
template <class Real, class Space>
struct RowSystems {
  SparseRows<Real, Space> rows;   // (R, C)
  const Real* table = nullptr;    // (C, D)
  const Real* gramian = nullptr;  // (D, D) G, symmetric; null: zeros
  Index features = 0;             // D
  EntryWeights<Real> weights;
  double ridge = 0, ridge_start = 0, ridge_exponent = 0;
  Real* solutions = nullptr;  // (R, D)

  KOKKOS_INLINE_FUNCTION const Real* table_row(Id column) const { return table + std::int64_t{column} * features; }
  KOKKOS_INLINE_FUNCTION Real* solution(Index r) const { return solutions + std::int64_t{r} * features; }
  /// Conjugate directions of a row whose matrix is surely singular: its rank at most. Of others there is no limit,
  /// since rounding spoils them.
  KOKKOS_INLINE_FUNCTION std::int64_t most_directions(Index r) const {
    const std::int64_t rank = gramian ? std::int64_t{rows.column_count} : rows.length(r);
    return ridge > 0 || rank >= features ? std::int64_t{1} << 40 : rank;
  }
  /// What is added to the diagonal of row r: ridge (entries + ridge_start)^ridge_exponent.
  KOKKOS_INLINE_FUNCTION Real ridge_of(Index r) const {
    if (ridge_exponent == 0) return static_cast<Real>(ridge);
    const double size = static_cast<double>(rows.length(r)) + ridge_start;
    return static_cast<Real>(ridge * (ridge_exponent == 1 ? size : math::pow(size, ridge_exponent)));
  }
};

/// What the rows of a part add to the objective.
struct ObjectiveParts {
  double fit = 0;      // x G x + ridge_r x x + sum_e (a_e (y_e x)^2 - 2 b_e (y_e x) + constant_e), over the rows
  double penalty = 0;  // ridge_r x x
};

}  // namespace longshore::inline LONGSHORE_ABI
