// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Functions of one number without branches, so that loops over them vectorise on a host: g++ turns calls of the C library
/// into scalar code. Device code and double on a host use the backend's own.
namespace math {

/// @return  the float whose bits these are
KOKKOS_INLINE_FUNCTION float float_of_bits(std::uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

/// e^x; float: within 2 units in the last place over the whole range, 0 below -87.33, infinity above 88.72.
///
/// Source: Cody and Waite's reduction by ln 2 in two parts, then the minimax polynomial of Cephes' expf.
template <class Real>
KOKKOS_INLINE_FUNCTION Real exp(Real x) {
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__) || defined(__SYCL_DEVICE_ONLY__)
  return backend::exp(x);
#else
  if constexpr (sizeof(Real) != 4) {
    return backend::exp(x);
  } else {
    const float low = -87.33654f, high = 88.72283f;
    float y = x < low ? low : x;
    y = y > high ? high : y;
    const float scaled = y * 1.44269504f;
    const auto n = static_cast<std::int32_t>(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
    const auto whole = static_cast<float>(n);
    const float r = (y - whole * 0.693359375f) + whole * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    // 2^n in two factors: n may be 128 (above the largest exponent of one float) or -126.
    const std::int32_t half = n / 2;
    const float first = float_of_bits(static_cast<std::uint32_t>(half + 127) << 23);
    const float second = float_of_bits(static_cast<std::uint32_t>(n - half + 127) << 23);
    float result = p * first * second;
    result = x < low ? 0.0f : result;
    result = x > high ? float_of_bits(0x7F800000u) : result;
    return x == x ? result : x;
  }
#endif
}

/// 1 / (1 + e^-x), a probability from a logit.
template <class Real>
KOKKOS_INLINE_FUNCTION Real sigmoid(Real x) {
  return Real(1) / (Real(1) + exp(-x));
}

/// Hyperbolic tangent; float: within 3 units in the last place.
///
/// Source: Cephes' tanhf: a polynomial in x^2 below 0.625, 1 - 2 / (e^2x + 1) above.
template <class Real>
KOKKOS_INLINE_FUNCTION Real tanh(Real x) {
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__) || defined(__SYCL_DEVICE_ONLY__)
  return backend::tanh(x);
#else
  if constexpr (sizeof(Real) != 4) {
    return backend::tanh(x);
  } else {
    const float size = x < 0.0f ? -x : x;
    const float square = x * x;
    float p = -5.70498872745e-3f;
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    const float near = p * square * x + x;
    const float far = 1.0f - 2.0f / (exp(2.0f * size) + 1.0f);
    const float signed_far = x < 0.0f ? -far : far;
    return size < 0.625f ? near : signed_far;
  }
#endif
}

/// log(1 + e^x), without overflow.
template <class Real>
KOKKOS_INLINE_FUNCTION Real softplus(Real x) {
  const Real size = x < Real(0) ? -x : x;
  return (x > Real(0) ? x : Real(0)) + log1p(exp(-size));
}

/// Whether x is neither infinite nor not-a-number, by its bits: holds under -ffast-math too.
KOKKOS_INLINE_FUNCTION bool is_finite(float x) {
  std::uint32_t bits;
  memcpy(&bits, &x, sizeof(x));
  return (bits & 0x7F800000u) != 0x7F800000u;
}
KOKKOS_INLINE_FUNCTION bool is_finite(double x) {
  std::uint64_t bits;
  memcpy(&bits, &x, sizeof(x));
  return (bits & 0x7FF0000000000000u) != 0x7FF0000000000000u;
}

}  // namespace math
}  // namespace longshore::inline LONGSHORE_ABI
