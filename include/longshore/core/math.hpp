// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Functions of one number without branches, so that loops over them vectorise on a host: g++ turns calls of the C
/// library into scalar code. Always inlined: a call in a loop keeps it from vectorising. Device code and double on a
/// host use the backend's own.
namespace math {

/// @return  the float whose bits these are
KOKKOS_FORCEINLINE_FUNCTION float float_of_bits(std::uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof(x));
  return x;
}
KOKKOS_FORCEINLINE_FUNCTION std::uint32_t bits_of_float(float x) {
  std::uint32_t bits;
  memcpy(&bits, &x, sizeof(x));
  return bits;
}

/// |x| by its bits: of a comparison that is made twice g++ makes a branch, and then vectorises nothing.
KOKKOS_FORCEINLINE_FUNCTION float size_of(float x) { return float_of_bits(bits_of_float(x) & 0x7FFFFFFFu); }
KOKKOS_FORCEINLINE_FUNCTION double size_of(double x) { return x < 0 ? -x : x; }

/// first where chosen, else second, by bits: g++ moves the computation behind `?:` into branches.
KOKKOS_FORCEINLINE_FUNCTION float choose(bool chosen, float first, float second) {
  const std::uint32_t mask = 0u - static_cast<std::uint32_t>(chosen);
  return float_of_bits((bits_of_float(first) & mask) | (bits_of_float(second) & ~mask));
}

/// e^x; float: within 2 units in the last place, 0 below -103.98, infinity above 88.72.
///
/// Cost: O(1), as all functions here; without a branch in float on a host, so that loops of them vectorise.
/// Source: Cody and Waite's reduction by ln 2 in two parts, then the minimax polynomial of Cephes' expf.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real exp(Real x) {
#if LONGSHORE_ON_DEVICE
  return backend::exp(x);
#else
  if constexpr (sizeof(Real) != 4) {
    return backend::exp(x);
  } else {
    // |x| is cut at 105, where the last product below is 0 or infinite; on bits, because g++ makes a branch of a
    // comparison of floats here, and then vectorises nothing. Not-a-number is put back in r.
    const std::uint32_t sign = bits_of_float(x) & 0x80000000u, size = bits_of_float(x) & 0x7FFFFFFFu;
    const std::uint32_t bad = size > 0x7F800000u ? 0x7FC00000u : 0u;
    const std::uint32_t cut = (size < 0x42D20000u ? size : 0x42D20000u) | sign;
    const auto n = static_cast<std::int32_t>(float_of_bits(cut) * 1.44269504f + float_of_bits(0x3F000000u | sign));
    const auto whole = static_cast<float>(n);
    const float r = (float_of_bits(cut | bad) - whole * 0.693359375f) + whole * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    // 2^n in two factors: n lies between -151 and 151, outside of the exponents of one float.
    const std::int32_t half = n / 2;
    const float first = float_of_bits(static_cast<std::uint32_t>(half + 127) << 23);
    const float second = float_of_bits(static_cast<std::uint32_t>(n - half + 127) << 23);
    return p * first * second;
  }
#endif
}

/// 1 / (1 + e^-x), a probability from a logit.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real sigmoid(Real x) {
  return Real(1) / (Real(1) + exp(-x));
}

/// Hyperbolic tangent; float: within 3 units in the last place.
///
/// Source: Cephes' tanhf: a polynomial in x^2 below 0.625, 1 - 2 / (e^2x + 1) above.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real tanh(Real x) {
#if LONGSHORE_ON_DEVICE
  return backend::tanh(x);
#else
  if constexpr (sizeof(Real) != 4) {
    return backend::tanh(x);
  } else {
    const float size = size_of(x);
    const float square = x * x;
    float p = -5.70498872745e-3f;
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    const float near = p * square * x + x;
    const float far = 1.0f - 2.0f / (exp(2.0f * size) + 1.0f);
    const float signed_far = float_of_bits(bits_of_float(far) | (bits_of_float(x) & 0x80000000u));
    return choose(size < 0.625f, near, signed_far);
  }
#endif
}

/// log(1 + t) for t in [0, 1]; float on a host: within 3e-7 of its size.
///
/// Source: float: t P(t), P fitted to a relative error of 5e-9.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real log1p_to_one(Real t) {
#if !LONGSHORE_ON_DEVICE
  if constexpr (sizeof(Real) == 4) {
    float p = -3.24402288e-3f;
    p = p * t + 1.985145477e-2f;
    p = p * t - 5.695952599e-2f;
    p = p * t + 1.0603654772e-1f;
    p = p * t - 1.5305593041e-1f;
    p = p * t + 1.9675939669e-1f;
    p = p * t - 2.4954133807e-1f;
    p = p * t + 3.3329962443e-1f;
    p = p * t - 4.9999902425e-1f;
    p = p * t + 9.9999999529e-1f;
    return p * t;
  }
#endif
  return log1p(t);
}

/// log(1 + e^x), without overflow; float: within 3e-7 of its size.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real softplus(Real x) {
  const Real positive = x < Real(0) ? Real(0) : x;  // not-a-number stays
  return positive + log1p_to_one(exp(-size_of(x)));
}

/// Probability that a standard normal number is below x, (1 + erf(x / sqrt 2)) / 2; float: within 2e-7.
///
/// Source: float: erf(z) = z P(z^2) / Q(z^2) up to 3.95, fitted to an error of 2e-8; 1 above.
template <class Real>
KOKKOS_FORCEINLINE_FUNCTION Real normal_probability(Real x) {
  const Real z = x * Real(0.70710678118654752440);
#if !LONGSHORE_ON_DEVICE
  if constexpr (sizeof(Real) == 4) {
    const std::uint32_t sign = bits_of_float(z) & 0x80000000u;
    const float square = z * z;
    float p = 2.0117438236e-6f;
    p = p * square + 2.8760119874e-4f;
    p = p * square + 3.9173292022e-3f;
    p = p * square + 5.3207092129e-2f;
    p = p * square + 1.9403591070e-1f;
    p = p * square + 1.1283790062f;
    float q = 3.7839756023e-5f;
    q = q * square + 1.1982042981e-3f;
    q = q * square + 1.5270722998e-2f;
    q = q * square + 1.1559084703e-1f;
    q = q * square + 5.0529133601e-1f;
    q = q * square + 1.0f;
    const float far = float_of_bits(0x3F800000u | sign);
    return 0.5f + 0.5f * choose(size_of(z) > 3.95f, far, z * p / q);
  } else {
    return Real(0.5) + Real(0.5) * erf(z);
  }
#else
  return Real(0.5) + Real(0.5) * erf(z);
#endif
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
