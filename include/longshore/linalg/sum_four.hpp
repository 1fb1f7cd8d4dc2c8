// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>

#include <longshore/linalg/lane.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The sums of the lanes of four registers, sums[0] of `a` and so on, in a fixed order: with a third of the shuffles
/// that four single sums take.
///
/// Cost: a dozen instructions.
template <class Real, int bytes>
inline void sum_four(const Simd<Real, bytes>& a, const Simd<Real, bytes>& b, const Simd<Real, bytes>& c,
                     const Simd<Real, bytes>& d, Real* sums) {
#if defined(__CUDACC__) || !defined(__GNUC__)
  sums[0] = a.sum();
  sums[1] = b.sum();
  sums[2] = c.sum();
  sums[3] = d.sum();
#else
  using Register = typename Simd<Real, bytes>::Register;
  constexpr int width = Simd<Real, bytes>::width;
  constexpr int pair = 16 / static_cast<int>(sizeof(Real));  // numbers of 16 bytes: shuffles within those are cheapest
  const auto all = std::make_integer_sequence<int, width>{};
  // Of two registers one in whose 16 bytes sums of the first and of the second come by turns.
  const auto join = []<int... i>(const Register& x, const Register& y, std::integer_sequence<int, i...>) {
    constexpr auto from = [](int k, int half) { return k / pair * pair + half + k % pair / 2 + (k % 2 ? width : 0); };
    return __builtin_shufflevector(x, y, from(i, 0)...) + __builtin_shufflevector(x, y, from(i, pair / 2)...);
  };
  const Register ab = join(a.lanes, b.lanes, all), cd = join(c.lanes, d.lanes, all);
  if constexpr (pair == 4) {
    // Every 16 bytes: a b c d.
    const auto four = []<int... i>(const Register& x, const Register& y, std::integer_sequence<int, i...>) {
      constexpr auto from = [](int k, int half) { return k / 4 * 4 + half + k % 2 + (k % 4 < 2 ? 0 : width); };
      return __builtin_shufflevector(x, y, from(i, 0)...) + __builtin_shufflevector(x, y, from(i, 2)...);
    };
    Register part = four(ab, cd, all);
    const auto fold = [&]<int by, int... i>(std::integral_constant<int, by>, std::integer_sequence<int, i...>) {
      part += __builtin_shufflevector(part, part, ((i + by) % width)...);
    };
    if constexpr (width >= 16) fold(std::integral_constant<int, 8>{}, all);
    if constexpr (width >= 8) fold(std::integral_constant<int, 4>{}, all);
    std::memcpy(sums, &part, 4 * sizeof(Real));  // the lowest ones
  } else if constexpr (width >= 4) {
    // The lower half of the lanes is a and b, the upper one c and d.
    const auto halves = []<int... i>(const Register& x, const Register& y, std::integer_sequence<int, i...>) {
      constexpr int half = width / 2;
      return __builtin_shufflevector(x, y, (i < half ? i : i - half + width)...) +
             __builtin_shufflevector(x, y, (i < half ? i + half : i + width)...);
    };
    Register part = halves(ab, cd, all);
    if constexpr (width == 8) {
      const auto fold = []<int... i>(const Register& x, std::integer_sequence<int, i...>) {
        return x + __builtin_shufflevector(x, x, (i / 4 * 4 + (i + 2) % 4)...);
      };
      part = fold(part, all);
    }
    sums[0] = part[0];
    sums[1] = part[1];
    sums[2] = part[width / 2];
    sums[3] = part[width / 2 + 1];
  } else {
    sums[0] = ab[0];
    sums[1] = ab[1];
    sums[2] = cd[0];
    sums[3] = cd[1];
  }
#endif
}

/// The same of single numbers.
template <class Real>
KOKKOS_INLINE_FUNCTION void sum_four(const OneLane<Real>& a, const OneLane<Real>& b, const OneLane<Real>& c,
                                     const OneLane<Real>& d, Real* sums) {
  sums[0] = a.lanes;
  sums[1] = b.lanes;
  sums[2] = c.lanes;
  sums[3] = d.lanes;
}

}  // namespace longshore::inline LONGSHORE_ABI
