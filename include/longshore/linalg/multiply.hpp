// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/index.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A matrix somewhere in memory: element (i, j) lies at data[i * row_stride + j * column_stride].
template <class T>
struct Strided {
  T* data = nullptr;
  std::int64_t row_stride = 0;
  std::int64_t column_stride = 1;

  KOKKOS_INLINE_FUNCTION T& operator()(Index i, Index j) const { return data[i * row_stride + j * column_stride]; }
  /// The part that starts at element (i, j).
  KOKKOS_INLINE_FUNCTION Strided from(Index i, Index j) const {
    return {data + i * row_stride + j * column_stride, row_stride, column_stride};
  }
};

/// `Rows` rows and `Registers` vectors of columns of C (+)= A B, held in registers over the whole inner loop.
///
/// Flattened: in a large translation unit g++ stops inlining the loops over registers, which then lie in memory.
/// Operands come by reference: copies on the stack are stored in halves and read whole, which stalls.
template <class Real, int Rows, int Registers, int bytes = simd_bytes>
[[gnu::flatten]] inline void multiply_tile(Index inner, const Strided<const Real>& a, const Strided<const Real>& b,
                                           const Strided<Real>& c, bool adds, const Real* bias) {
  using Vector = Simd<Real, bytes>;
  Vector sum[Rows][Registers];
  unroll<Registers>([&](auto v) {
    const Vector start = bias ? Vector::load(bias + v * Vector::width) : Vector::broadcast(0);
    unroll<Rows>([&](auto i) { sum[i][v] = start; });
  });
  const Real* b_row = b.data;
  const Real* a_column = a.data;
  for (Index k = 0; k < inner; ++k) {
    Vector right[Registers];
    unroll<Registers>([&](auto v) {
      right[v] = Vector::load(b_row + v * Vector::width);
      if constexpr (Rows > 1) right[v].stay();
    });
    unroll<Rows>([&](auto i) {
      const Vector left = Vector::broadcast(a_column[i * a.row_stride]);
      unroll<Registers>([&](auto v) { sum[i][v].add_product(left, right[v]); });
    });
    b_row += b.row_stride;
    a_column += a.column_stride;
  }
  unroll<Rows>([&](auto i) {
    unroll<Registers>([&](auto v) {
      Real* to = c.data + i * c.row_stride + v * Vector::width;
      if (adds) sum[i][v].add(Vector::load(to));
      sum[i][v].store(to);
    });
  });
}

/// The last columns, fewer than the narrowest vector: `Rows` sums at a time.
template <class Real, int Rows>
[[gnu::flatten]] inline void multiply_tail(Index columns, Index inner, const Strided<const Real>& a,
                                           const Strided<const Real>& b, const Strided<Real>& c, bool adds,
                                           const Real* bias) {
  for (Index j = 0; j < columns; ++j) {
    Real sum[Rows];
    unroll<Rows>([&](auto i) { sum[i] = bias ? bias[j] : Real(0); });
    const Real* b_element = b.data + j;
    const Real* a_column = a.data;
    for (Index k = 0; k < inner; ++k) {
      unroll<Rows>([&](auto i) { sum[i] += a_column[i * a.row_stride] * *b_element; });
      b_element += b.row_stride;
      a_column += a.column_stride;
    }
    unroll<Rows>([&](auto i) {
      Real& to = c.data[i * c.row_stride + j];
      to = adds ? to + sum[i] : sum[i];
    });
  }
}

/// `Rows` rows of C (+)= A B, all columns.
template <class Real, int Rows>
inline void multiply_rows(Index columns, Index inner, const Strided<const Real>& a, const Strided<const Real>& b,
                          const Strided<Real>& c, bool adds, const Real* bias) {
  constexpr Index width = Simd<Real>::width;
  Index j = 0;
  const auto shift = [&](const Real* from) { return from ? from + j : from; };
  if constexpr (Rows == 12)  // 6 rows by 4 vectors take 10 loads for 24 products, 12 by 2 take 14
    for (; j + 4 * width <= columns; j += 4 * width) {
      multiply_tile<Real, 6, 4>(inner, a, b.from(0, j), c.from(0, j), adds, shift(bias));
      multiply_tile<Real, 6, 4>(inner, a.from(6, 0), b.from(0, j), c.from(6, j), adds, shift(bias));
    }
  if constexpr (4 * Rows <= simd_accumulators)  // few rows: more columns, or the additions wait for each other
    for (; j + 4 * width <= columns; j += 4 * width)
      multiply_tile<Real, Rows, 4>(inner, a, b.from(0, j), c.from(0, j), adds, shift(bias));
  for (; j + 2 * width <= columns; j += 2 * width)
    multiply_tile<Real, Rows, 2>(inner, a, b.from(0, j), c.from(0, j), adds, shift(bias));
  if (j + width <= columns) {
    multiply_tile<Real, Rows, 1>(inner, a, b.from(0, j), c.from(0, j), adds, shift(bias));
    j += width;
  }
  const auto narrower = [&]<int bytes>(std::integral_constant<int, bytes>) {
    constexpr Index lanes = Simd<Real, bytes>::width;
    if (j + lanes > columns) return;
    multiply_tile<Real, Rows, 1, bytes>(inner, a, b.from(0, j), c.from(0, j), adds, shift(bias));
    j += lanes;
  };
  if constexpr (simd_bytes > 32) narrower(std::integral_constant<int, 32>{});
  if constexpr (simd_bytes > 16) narrower(std::integral_constant<int, 16>{});
  if (j < columns) multiply_tail<Real, Rows>(columns - j, inner, a, b.from(0, j), c.from(0, j), adds, shift(bias));
}

/// C (+)= A B + bias on the calling thread or team: the product that every kernel builds on.
///
/// On a host a register-tiled kernel; on a device each lane sums elements of C. The order in which an element is summed
/// depends on the sizes only.
///
/// Cost: O(rows columns inner), no scratch.
///
/// @param team         a `HostTeam`, or a device team whose lanes share the work (no barrier inside)
/// @param rows, columns, inner   A is (rows, inner), B (inner, columns), C (rows, columns)
/// @param a            any strides (a transposed A is read in place)
/// @param b, c         column_stride 1
/// @param update       write, or add to what C holds
/// @param bias         (columns) added to every row; null for none
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void multiply(const Team& team, Index rows, Index columns, Index inner, Strided<const Real> a,
                                     Strided<const Real> b, Strided<Real> c, Update update,
                                     const Real* bias = nullptr) {
  const bool adds = update == Update::add;
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single) {
    constexpr int most = simd_accumulators / 2;
    Index i = 0;
    for (; i + most <= rows; i += most)
      multiply_rows<Real, most>(columns, inner, a.from(i, 0), b, c.from(i, 0), adds, bias);
    for (; i + 4 <= rows; i += 4) multiply_rows<Real, 4>(columns, inner, a.from(i, 0), b, c.from(i, 0), adds, bias);
    for (; i + 2 <= rows; i += 2) multiply_rows<Real, 2>(columns, inner, a.from(i, 0), b, c.from(i, 0), adds, bias);
    for (; i < rows; ++i) multiply_rows<Real, 1>(columns, inner, a.from(i, 0), b, c.from(i, 0), adds, bias);
    return;
  }
#endif
  for (std::int64_t e = team.rank(); e < std::int64_t{rows} * columns; e += team.size()) {
    const auto i = static_cast<Index>(e / columns), j = static_cast<Index>(e % columns);
    Real sum = bias ? bias[j] : Real(0);
    for (Index k = 0; k < inner; ++k) sum += a(i, k) * b(k, j);
    Real& to = c(i, j);
    to = adds ? to + sum : sum;
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
