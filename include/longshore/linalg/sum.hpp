// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/index.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The sum of a run of numbers; order of the sum fixed by `size` alone.
///
/// Cost: O(size).
///
/// @param a  (size) contiguous
template <class Real>
KOKKOS_INLINE_FUNCTION Real sum(const Real* a, Index size) {
  Real total = 0;
  Index i = 0;
#if !LONGSHORE_ON_DEVICE
  constexpr Index width = Simd<Real>::width;
  if (size >= width) {
    auto even = Simd<Real>::broadcast(0), odd = Simd<Real>::broadcast(0);
    for (; i + 2 * width <= size; i += 2 * width) {
      even.add(Simd<Real>::load(a + i));
      odd.add(Simd<Real>::load(a + i + width));
    }
    if (i + width <= size) {
      even.add(Simd<Real>::load(a + i));
      i += width;
    }
    even.add(odd);
    total = even.sum();
  }
#endif
  for (; i < size; ++i) total += a[i];
  return total;
}

}  // namespace longshore::inline LONGSHORE_ABI
