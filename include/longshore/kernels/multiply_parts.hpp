// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/for_each_row.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `multiply_parts_forward`, which says what it computes.
template <class Real>
struct MultiplyPartsForward {
  static inline const std::string label = "longshore::multiply_parts_forward";
  Parts<const Real> parts;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    Real* to = y + r * features;
    put_scaled(team, features, Real(1), parts.row(0, b, c), to, false);
    for (int k = 1; k < parts.count; ++k) {
      const Real* from = parts.row(k, b, c);
      for (Index d = team.rank(); d < features; d += team.size()) to[d] *= from[d];
    }
  }
};

/// The body of `multiply_parts_backward`, which says what it computes.
template <class Real>
struct MultiplyPartsBackward {
  static inline const std::string label = "longshore::multiply_parts_backward";
  const Real* dy;
  Parts<const Real> parts;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index b, Index c, Real* to,
                                  bool adds) const {
    const Index features = parts.part[0].features;
    const Real* gradient = dy + r * features;
    if (parts.count == 2) {  // the common case, as a loop that vectorises
      const Real* other = parts.row(1 - k, b, c);
      for (Index d = team.rank(); d < features; d += team.size())
        to[d] = (adds ? to[d] : Real(0)) + gradient[d] * other[d];
      return;
    }
    // A product of the others, not y / x: an element may be 0.
    for (Index d = team.rank(); d < features; d += team.size()) {
      Real product = gradient[d];
      for (int j = 0; j < parts.count; ++j)
        if (j != k) product *= parts.row(j, b, c)[d];
      to[d] = (adds ? to[d] : Real(0)) + product;
    }
  }
};

/// Multiplies feature by feature: y_bcd = product over k of x_kbcd. Does not wait.
///
/// Source: Liu et al. 2018 (STAMP).
/// Cost: O(n B C D), no scratch.
///
/// @param parts  n arrays (B, 1 or C, D)
/// @param y      (B, C, D) overwritten
template <class Real, class Space, class Executor>
void multiply_parts_forward(const Executor& executor, const Parts<const Real>& parts, View<Real, 3, Space> y) {
  for_each_row<Space>(executor, y.extent(2), MultiplyPartsForward<Real>{parts, y.data()});
}

/// Gradients of `multiply_parts_forward`: dx_k (+)= dy times the product of the other parts, summed in order over
/// candidates that share a vector. Does not wait.
///
/// Cost: O(n² B C D), no scratch.
///
/// @param dy       (B, C, D)
/// @param targets  of the parts, some perhaps empty
template <class Real, class Space, class Executor>
void multiply_parts_backward(const Executor& executor, View<const Real, 3, Space> dy, const Parts<const Real>& parts,
                             const PartTargets<Real>& targets) {
  for_each_target<Space>(executor, dy.extent(2), MultiplyPartsBackward<Real>{dy.data(), parts, targets});
}

}  // namespace longshore::inline LONGSHORE_ABI
