// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// x, rounded before anything else happens with it: compilers join a product and the sum behind it to one operation,
/// whose result is another. For arithmetic that is published operation by operation; on a device it is x as it comes.
///
/// Cost: no instruction; loops over it are not made of vectors.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real rounded(Real x) {
#if LONGSHORE_ON_DEVICE
  return x;
#elif defined(__GNUC__) && defined(__x86_64__)
  __asm__("" : "+x"(x));
  return x;
#elif defined(__GNUC__) && defined(__aarch64__)
  __asm__("" : "+w"(x));
  return x;
#else
  volatile Real kept = x;
  return kept;
#endif
}

}  // namespace longshore::inline LONGSHORE_ABI
