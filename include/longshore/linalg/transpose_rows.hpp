// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/linalg/multiply.hpp>

namespace longshore::inline LONGSHORE_ABI {

#if !defined(__CUDACC__) && defined(__GNUC__)
/// One step of a transposition: exchanges the off-diagonal halves of all blocks of 2 `half` rows and columns.
template <int half, class Real, int... l>
inline void exchange_halves(Simd<Real>* rows, std::integer_sequence<int, l...>) {
  constexpr int width = Simd<Real>::width;
  unroll<width>([&](auto i) {
    if constexpr ((i & half) == 0) {
      const auto upper = rows[i].lanes, lower = rows[i + half].lanes;
      rows[i].lanes = __builtin_shufflevector(upper, lower, ((l & half) ? width + l - half : l)...);
      rows[i + half].lanes = __builtin_shufflevector(upper, lower, ((l & half) ? width + l : l + half)...);
    }
  });
}

/// Transposes as many registers as one has lanes.
template <class Real>
[[gnu::flatten]] inline void transpose_registers(Simd<Real>* rows) {
  constexpr int width = Simd<Real>::width;
  const auto all = std::make_integer_sequence<int, width>{};
  if constexpr (width >= 16) exchange_halves<8>(rows, all);
  if constexpr (width >= 8) exchange_halves<4>(rows, all);
  if constexpr (width >= 4) exchange_halves<2>(rows, all);
  exchange_halves<1>(rows, all);
}

/// A whole square of `width` rows and columns: to[j, i] = factor * from(i, j).
template <class Real>
[[gnu::flatten]] inline void transpose_square(Real factor, Strided<const Real> from, Real* to, Index stride) {
  constexpr int width = Simd<Real>::width;
  Simd<Real> rows[width];
  const auto by = Simd<Real>::broadcast(factor);
  unroll<width>([&](auto i) {
    rows[i] = Simd<Real>::load(from.data + i * from.row_stride);
    rows[i].scale(by);
  });
  transpose_registers(rows);
  unroll<width>([&](auto i) { rows[i].store(to + i * stride); });
}
#endif

/// to[j, i] = factor * from(i, j) by the lanes of a team, with zeros for i from `rows` up to `Padded`. No barrier.
///
/// Cost: O(Padded columns), no scratch.
///
/// @param from  (rows, columns), column_stride 1
/// @param to    (columns, Padded) contiguous, overwritten
template <Index Padded, class Real, class Team>
KOKKOS_INLINE_FUNCTION void transpose_rows(const Team& team, Index rows, Index columns, Real factor,
                                           Strided<const Real> from, Real* to) {
  Index whole_rows = 0, whole_columns = 0;
#if !defined(__CUDACC__) && defined(__GNUC__)
  if constexpr (Team::single) {
    constexpr Index width = Simd<Real>::width;
    whole_rows = rows / width * width;
    whole_columns = columns / width * width;
    for (Index i = 0; i < whole_rows; i += width)
      for (Index j = 0; j < whole_columns; j += width)
        transpose_square(factor, from.from(i, j), to + j * Padded + i, Padded);
  }
#endif
  for (Index i = team.rank(); i < Padded; i += team.size())
    for (Index j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      to[j * Padded + i] = i < rows ? factor * from(i, j) : Real(0);
}

}  // namespace longshore::inline LONGSHORE_ABI
