// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/kernels/for_each_row.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `gate_parts_forward`, which says what it computes.
template <class Real>
struct GatePartsForward {
  static inline const std::string label = "longshore::gate_parts_forward";
  Parts<const Real> parts;
  const Real* logits;
  Real* gates;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    const Real* first = parts.row(0, b, c);
    const Real* second = parts.row(1, b, c);
    const Real* from = logits + r * features;
    Real* gate = gates + r * features;
    Real* to = y + r * features;
    for (Index d = team.rank(); d < features; d += team.size()) {
      const Real g = math::sigmoid(from[d]);
      gate[d] = g;
      to[d] = second[d] + g * (first[d] - second[d]);
    }
  }
};

/// The body of `gate_parts_backward`, which says what it computes.
template <class Real>
struct GatePartsBackward {
  static inline const std::string label = "longshore::gate_parts_backward";
  const Real* dy;
  Parts<const Real> parts;
  const Real* gates;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index, Index, Real* to, bool adds) const {
    const Index features = parts.part[0].features;
    const Real* gradient = dy + r * features;
    const Real* gate = gates + r * features;
    const Real start = k == 0 ? Real(0) : Real(1), sign = k == 0 ? Real(1) : Real(-1);
    for (Index d = team.rank(); d < features; d += team.size())
      to[d] = (adds ? to[d] : Real(0)) + (start + sign * gate[d]) * gradient[d];
  }
};

/// The body of `gate_parts_backward`, which says what it computes.
template <class Real>
struct GatePartsBackwardLogits {
  static inline const std::string label = "longshore::gate_parts_backward_logits";
  const Real* dy;
  Parts<const Real> parts;
  const Real* gates;
  Real* dlogits;
  bool adds;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    const Real* first = parts.row(0, b, c);
    const Real* second = parts.row(1, b, c);
    const Real* gradient = dy + r * features;
    const Real* gate = gates + r * features;
    Real* to = dlogits + r * features;
    for (Index d = team.rank(); d < features; d += team.size())
      to[d] = (adds ? to[d] : Real(0)) + gradient[d] * (first[d] - second[d]) * gate[d] * (Real(1) - gate[d]);
  }
};

/// The body of `gate_parts_shares`, which says what it computes.
template <class Real>
struct GatePartsShares {
  static inline const std::string label = "longshore::gate_parts_shares";
  Parts<const Real> parts;
  const Real* logits;
  Real* shares;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index, Index) const {
    const Index features = parts.part[0].features;
    Real sum = 0;
    for (Index d = team.rank(); d < features; d += team.size()) sum += math::sigmoid(logits[r * features + d]);
    sum = team.sum(sum) / static_cast<Real>(features);
    if (team.rank() == 0) {
      shares[r * 2] = sum;
      shares[r * 2 + 1] = Real(1) - sum;
    }
  }
};

/// Blends two vectors feature by feature: y = g x_1 + (1 - g) x_2 with g = sigmoid(logits). Does not wait.
///
/// Source: Yu et al. 2019 (SLi-Rec); one gate a feature: Lv et al. 2019 (SDM).
/// Cost: O(B C D); leaves (B, C, D) gates, no scratch.
///
/// @param parts   two arrays (B, 1 or C, D)
/// @param logits  (B, C, D)
/// @param gates   (B, C, D) overwritten: g, for backward
/// @param y       (B, C, D) overwritten
template <class Real, class Space, class Executor>
void gate_parts_forward(const Executor& executor, const Parts<const Real>& parts, View<const Real, 3, Space> logits,
                        View<Real, 3, Space> gates, View<Real, 3, Space> y) {
  for_each_row<Space>(executor, y.extent(2), GatePartsForward<Real>{parts, logits.data(), gates.data(), y.data()});
}

/// Gradients of `gate_parts_forward`: dx_1 (+)= g dy, dx_2 (+)= (1 - g) dy, summed in order over candidates that share
/// a vector; dlogits (+)= dy (x_1 - x_2) g (1 - g). Does not wait.
///
/// Cost: O(B C D), no scratch.
///
/// @param dy       (B, C, D)
/// @param gates    (B, C, D) what forward gave
/// @param targets  of the parts, some perhaps empty
/// @param dlogits  (B, C, D), or empty
template <class Real, class Space, class Executor>
void gate_parts_backward(const Executor& executor, View<const Real, 3, Space> dy, const Parts<const Real>& parts,
                         View<const Real, 3, Space> gates, const PartTargets<Real>& targets,
                         Target<Real, 3, Space> dlogits) {
  for_each_target<Space>(executor, dy.extent(2), GatePartsBackward<Real>{dy.data(), parts, gates.data(), targets});
  if (dlogits)
    for_each_row<Space>(
        executor, dy.extent(2),
        GatePartsBackwardLogits<Real>{dy.data(), parts, gates.data(), dlogits.view.data(), dlogits.adds()});
}

/// How much each of the two counts: the mean over features of g, and of 1 - g. Does not wait.
///
/// Cost: O(B C D), no scratch.
///
/// @param logits  (B, C, D)
/// @param shares  (B, C, 2) overwritten
template <class Real, class Space, class Executor>
void gate_parts_shares(const Executor& executor, const Parts<const Real>& parts, View<const Real, 3, Space> logits,
                       View<Real, 3, Space> shares) {
  for_each_row<Space>(executor, logits.extent(2), GatePartsShares<Real>{parts, logits.data(), shares.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
