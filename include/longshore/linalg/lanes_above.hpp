// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which lanes of `a` are greater than those of `b`: bit i for lane i. A lane that is not a number is never greater.
///
/// By hand on x86-64: of a comparison in the vector extension g++ makes a register of lanes and then looks at each.
///
/// Cost: two instructions; on other processors one comparison a lane.
template <class Real>
inline unsigned lanes_above(const Simd<Real>& a, const Simd<Real>& b) {
#if defined(__GNUC__) && !defined(__CUDACC__) && defined(__AVX512F__)
  unsigned short bits;
  if constexpr (sizeof(Real) == 4)
    __asm__("vcmpps $30, %2, %1, %0" : "=k"(bits) : "v"(a.lanes), "v"(b.lanes));  // 30: greater, ordered, quiet
  else
    __asm__("vcmppd $30, %2, %1, %0" : "=k"(bits) : "v"(a.lanes), "v"(b.lanes));
  return bits;
#elif defined(__GNUC__) && !defined(__CUDACC__) && defined(__AVX__)
  const auto above = a.lanes > b.lanes;
  unsigned bits;
  if constexpr (sizeof(Real) == 4)
    __asm__("vmovmskps %1, %0" : "=r"(bits) : "x"(above));
  else
    __asm__("vmovmskpd %1, %0" : "=r"(bits) : "x"(above));
  return bits;
#elif defined(__GNUC__) && !defined(__CUDACC__) && defined(__x86_64__)
  const auto above = a.lanes > b.lanes;
  unsigned bits;
  if constexpr (sizeof(Real) == 4)
    __asm__("movmskps %1, %0" : "=r"(bits) : "x"(above));
  else
    __asm__("movmskpd %1, %0" : "=r"(bits) : "x"(above));
  return bits;
#else
  unsigned bits = 0;
  for (int i = 0; i < Simd<Real>::width; ++i) bits |= (a.lanes[i] > b.lanes[i] ? 1u : 0u) << i;
  return bits;
#endif
}

}  // namespace longshore::inline LONGSHORE_ABI
