// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/index.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The inner product of two runs of numbers, sum over i of a[i] b[i]; order of the sum fixed by `size` alone.
///
/// Cost: O(size).
///
/// @param a, b  (size) contiguous
template <class Real>
KOKKOS_INLINE_FUNCTION Real dot(const Real* a, const Real* b, Index size) {
  Real sum = 0;
  Index i = 0;
#if !LONGSHORE_ON_DEVICE
  constexpr Index width = Simd<Real>::width;
  if (size >= width) {
    auto even = Simd<Real>::broadcast(0), odd = Simd<Real>::broadcast(0);
    for (; i + 2 * width <= size; i += 2 * width) {
      even.add_product(Simd<Real>::load(a + i), Simd<Real>::load(b + i));
      odd.add_product(Simd<Real>::load(a + i + width), Simd<Real>::load(b + i + width));
    }
    if (i + width <= size) {
      even.add_product(Simd<Real>::load(a + i), Simd<Real>::load(b + i));
      i += width;
    }
    even.add(odd);
    sum = even.sum();
  }
#endif
  for (; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace longshore::inline LONGSHORE_ABI
