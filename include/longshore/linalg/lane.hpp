// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

#include <longshore/core/index.hpp>
#include <longshore/core/math.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One number with the functions of `Simd`: what a lane of a device works on where a host works on a register.
template <class Real>
struct OneLane {
  static constexpr int width = 1;
  Real lanes;

  KOKKOS_INLINE_FUNCTION static OneLane broadcast(Real x) { return {x}; }
  KOKKOS_INLINE_FUNCTION static OneLane load(const Real* from) { return {*from}; }
  KOKKOS_INLINE_FUNCTION void store(Real* to) const { *to = lanes; }
  KOKKOS_INLINE_FUNCTION void add_product(const OneLane& a, const OneLane& b) { lanes += a.lanes * b.lanes; }
  KOKKOS_INLINE_FUNCTION void add(const OneLane& a) { lanes += a.lanes; }
  KOKKOS_INLINE_FUNCTION void subtract(const OneLane& a) { lanes -= a.lanes; }
  KOKKOS_INLINE_FUNCTION void scale(const OneLane& a) { lanes *= a.lanes; }
  KOKKOS_INLINE_FUNCTION void raise(const OneLane& a) { lanes = a.lanes > lanes ? a.lanes : lanes; }
};

/// What a member of this team works on at a time: a register of the thread on a host, a number on a device.
///
///     for (Index j = team.rank(); j < count; j += lane_step<Real>(team)) Lane<Real, Team>::load(x + j) ...
///
/// with a count that is a multiple of the register's width on a host.
template <class Real, class Team>
using Lane = std::conditional_t<Team::single, Simd<Real>, OneLane<Real>>;

/// How far on the next `Lane` of a member of this team is.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION Index lane_step(const Team& team) {
  if constexpr (Team::single)
    return Simd<Real>::width;
  else
    return team.size();
}

/// e^x for x <= 0, the weights of a softmax: float within 2 units in the last place, 0 below -87.3. Not-a-number stays.
///
/// Cost: O(1).
template <class Real>
KOKKOS_INLINE_FUNCTION OneLane<Real> exp_of_negative(OneLane<Real> x) {
  return {math::exp(x.lanes)};
}

/// The same, a register at a time. Source: as `math::exp`, without what large numbers need.
template <class Real>
inline Simd<Real> exp_of_negative(Simd<Real> x) {
#if !defined(__CUDACC__) && defined(__GNUC__)
  if constexpr (sizeof(Real) == 4) {
    using Words = std::int32_t __attribute__((vector_size(simd_bytes)));
    auto y = x.lanes;
    const auto least = Simd<Real>::broadcast(-87.3f).lanes;
    const auto below = y < least;
    y = below ? least : y;
    const auto shifted = y * 1.44269504f + 12582912.0f;  // 1.5 2^23: the last bits are the nearest whole number
    const auto whole = shifted - 12582912.0f;
    const auto r = (y - whole * 0.693359375f) + whole * 2.12194440e-4f;
    auto p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    Words power;
    std::memcpy(&power, &shifted, sizeof(power));
    power = (power - 0x4B400000 + 127) << 23;
    auto two_to = y;
    std::memcpy(&two_to, &power, sizeof(power));
    p *= two_to;
    return {below ? y - y : p};
  }
#endif
  Real each[Simd<Real>::width];
  x.store(each);
  for (int i = 0; i < Simd<Real>::width; ++i) each[i] = math::exp(each[i]);
  return Simd<Real>::load(each);
}

}  // namespace longshore::inline LONGSHORE_ABI
