// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/index.hpp>
#include <longshore/core/math.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// e^-|x|; float: within 1e-7 (1 + |x|) of its size down to e^-87, which stands for everything below. Not-a-number
/// stays.
///
/// Cheaper than math::exp, because nothing overflows and little digits of little numbers do not count: what gates are
/// made of.
///
/// Cost: in float on a host one polynomial of degree six, no branch; else `math::exp`.
/// Source: 2^f on [-1/2, 1/2] by the polynomial of Cephes' exp2f.
template <class Real>
KOKKOS_INLINE_FUNCTION Real decay(Real x) {
#if !LONGSHORE_ON_DEVICE
  if constexpr (sizeof(Real) == 4) {
    // On bits, because g++ makes a branch of comparisons of floats here, and then vectorises nothing.
    const std::uint32_t size = math::bits_of_float(x) & 0x7FFFFFFFu;
    const std::uint32_t bad = size > 0x7F800000u ? 0x7FC00000u : 0u;
    const std::uint32_t cut = (size < 0x42AE0000u ? size : 0x42AE0000u) | 0x80000000u;  // -|x|, at least -87
    const auto n = static_cast<std::int32_t>(math::float_of_bits(cut) * 1.44269504f - 0.5f);
    const float f = math::float_of_bits(cut | bad) * 1.44269504f - static_cast<float>(n);
    float p = 1.535336188e-4f;
    p = p * f + 1.339887440e-3f;
    p = p * f + 9.618437357e-3f;
    p = p * f + 5.550332471e-2f;
    p = p * f + 2.402264791e-1f;
    p = p * f + 6.931472029e-1f;
    p = p * f + 1.0f;
    return p * math::float_of_bits(static_cast<std::uint32_t>(n + 127) << 23);
  }
#endif
  return math::exp(-math::size_of(x));
}

/// 1 / (1 + e^-x); float: within 1e-7 (2 + |x|) of its size.
template <class Real>
KOKKOS_INLINE_FUNCTION Real gate_sigmoid(Real x) {
  const Real e = decay(x);
#if !LONGSHORE_ON_DEVICE
  if constexpr (sizeof(Real) == 4) {
    const auto negative = static_cast<std::uint32_t>(static_cast<std::int32_t>(math::bits_of_float(x)) >> 31);
    const float above = math::float_of_bits((math::bits_of_float(e) & negative) | (0x3F800000u & ~negative));
    return above / (1.0f + e);
  }
#endif
  return (x < Real(0) ? e : Real(1)) / (Real(1) + e);
}

/// Hyperbolic tangent; float: within 1e-7 (absolute, so tiny values keep fewer digits than math::tanh gives).
template <class Real>
KOKKOS_INLINE_FUNCTION Real gate_tanh(Real x) {
  const Real e = decay(Real(2) * x);
  const Real size = (Real(1) - e) / (Real(1) + e);
#if !LONGSHORE_ON_DEVICE
  if constexpr (sizeof(Real) == 4)
    return math::float_of_bits(math::bits_of_float(size) | (math::bits_of_float(x) & 0x80000000u));
#endif
  return x < Real(0) ? -size : size;
}

/// x_j = gate_sigmoid(x_j) for a run of numbers, by the lanes of a team; no barrier inside.
///
/// Loops of one function each: a host then works on several registers at once, where a loop over whole cells waits.
///
/// Cost: O(count).
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void sigmoid_run(const Team& team, Index count, Real* x) {
  for (Index j = team.rank(); j < count; j += team.size()) x[j] = gate_sigmoid(x[j]);
}

/// x_j = gate_tanh(x_j) for a run of numbers, by the lanes of a team; no barrier inside.
///
/// Cost: O(count).
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void tanh_run(const Team& team, Index count, Real* x) {
  for (Index j = team.rank(); j < count; j += team.size()) x[j] = gate_tanh(x[j]);
}

}  // namespace longshore::inline LONGSHORE_ABI
