// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/index.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

#if defined(__GNUC__) && !defined(__CUDACC__) && defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define LONGSHORE_SHUFFLES 1
#endif
#endif

#if defined(LONGSHORE_SHUFFLES)
/// Swaps the lanes of a that have bit `step` with those of b that have not: one stage of a transposition.
template <class Real, int step, int... lane>
inline void swap_lanes(Simd<Real>& a, Simd<Real>& b, std::integer_sequence<int, lane...>) {
  constexpr int width = Simd<Real>::width;
  const auto low = __builtin_shufflevector(a.lanes, b.lanes, ((lane & step) != 0 ? lane - step + width : lane)...);
  b.lanes = __builtin_shufflevector(a.lanes, b.lanes, ((lane & step) != 0 ? lane + width : lane + step)...);
  a.lanes = low;
}

/// Transposes a square of as many rows as a register has lanes, in registers.
template <class Real>
[[gnu::flatten]] inline void transpose_square(const Real* from, std::int64_t from_stride, Real* to,
                                              std::int64_t to_stride) {
  constexpr int width = Simd<Real>::width;
  Simd<Real> rows[width];
  unroll<width>([&](auto i) { rows[i] = Simd<Real>::load(from + i * from_stride); });
  const auto stage = [&]<int step>(std::integral_constant<int, step>) {
    unroll<width>([&](auto i) {
      if constexpr ((i & step) == 0)
        swap_lanes<Real, step>(rows[i], rows[i + step], std::make_integer_sequence<int, width>{});
    });
  };
  if constexpr (width >= 2) stage(std::integral_constant<int, 1>{});
  if constexpr (width >= 4) stage(std::integral_constant<int, 2>{});
  if constexpr (width >= 8) stage(std::integral_constant<int, 4>{});
  if constexpr (width >= 16) stage(std::integral_constant<int, 8>{});
  unroll<width>([&](auto i) { rows[i].store(to + i * to_stride); });
}
#endif

/// Writes the transpose of a matrix, on the calling thread of a host.
///
/// Cost: O(rows columns), no scratch.
///
/// @param from  (rows, columns) rows at any stride
/// @param to    (columns, rows) rows at any stride, overwritten
template <class Real>
inline void transpose_block(Index rows, Index columns, const Real* from, std::int64_t from_stride, Real* to,
                            std::int64_t to_stride) {
  Index whole_rows = 0, whole_columns = 0;
#if defined(LONGSHORE_SHUFFLES)
  constexpr Index width = Simd<Real>::width;
  whole_rows = rows / width * width;
  whole_columns = columns / width * width;
  for (Index j = 0; j < whole_columns; j += width)
    for (Index i = 0; i < whole_rows; i += width)
      transpose_square(from + i * from_stride + j, from_stride, to + j * to_stride + i, to_stride);
#endif
  for (Index i = 0; i < rows; ++i)
    for (Index j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      to[j * to_stride + i] = from[i * from_stride + j];
}

#undef LONGSHORE_SHUFFLES

}  // namespace longshore::inline LONGSHORE_ABI
