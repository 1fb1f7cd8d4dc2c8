// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/for_each_row.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The weights of a mix: constants, or an array (1 or B, 1 or C, n).
template <class Real>
struct MixWeights {
  const Real* data = nullptr;  // null: the constants
  Index user_step = 0, candidate_step = 0;
  Real constants[Parts<Real>::most] = {};

  KOKKOS_INLINE_FUNCTION Real operator()(Index b, Index c, int k, int count) const {
    if (!data) return constants[k];
    return data[(std::int64_t{b} * user_step + std::int64_t{c} * candidate_step) * count + k];
  }
};

/// The weights that an array holds.
template <class Real, class Space>
MixWeights<Real> mix_weights(const View<const Real, 3, Space>& view) {
  const auto part = part_of(view);
  return {part.data, part.user_step, part.candidate_step, {}};
}

/// The weights of a mean of that many parts.
template <class Real>
MixWeights<Real> equal_weights(int count) {
  MixWeights<Real> equal;
  for (int k = 0; k < count; ++k) equal.constants[k] = Real(1) / static_cast<Real>(count);
  return equal;
}

/// The body of `mix_parts_forward`, which says what it computes.
template <class Real>
struct MixPartsForward {
  static inline const std::string label = "longshore::mix_parts_forward";
  Parts<const Real> parts;
  MixWeights<Real> weights;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    for (int k = 0; k < parts.count; ++k)
      put_scaled(team, features, weights(b, c, k, parts.count), parts.row(k, b, c), y + r * features, k > 0);
  }
};

/// The body of `mix_parts_backward`, which says what it computes.
template <class Real>
struct MixPartsBackward {
  static inline const std::string label = "longshore::mix_parts_backward";
  const Real* dy;
  Parts<const Real> parts;
  MixWeights<Real> weights;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index b, Index c, Real* to,
                                  bool adds) const {
    const Index features = parts.part[0].features;
    put_scaled(team, features, weights(b, c, k, parts.count), dy + r * features, to, adds);
  }
};

/// The body of `mix_parts_backward`, which says what it computes.
template <class Real>
struct MixPartsBackwardWeights {
  static inline const std::string label = "longshore::mix_parts_backward_weights";
  const Real* dy;
  Parts<const Real> parts;
  Real* dweights;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    for (int k = 0; k < parts.count; ++k) {
      const Real gradient = team_dot(team, dy + r * features, parts.row(k, b, c), features);
      if (team.rank() == 0) dweights[r * parts.count + k] = gradient;
    }
  }
};

/// The body of `spread_weights`, which says what it computes.
template <class Real>
struct SpreadWeights {
  static inline const std::string label = "longshore::spread_weights";
  Parts<const Real> parts;
  MixWeights<Real> weights;
  Real* to;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    for (Index k = team.rank(); k < parts.count; k += team.size())
      to[r * parts.count + k] = weights(b, c, static_cast<int>(k), parts.count);
  }
};

/// Sums weighted vectors: y_bc = sum over k of w_bck x_kbc. Does not wait.
///
/// Source: Peters et al. 2018 (ELMo).
/// Cost: O(n B C D), no scratch.
///
/// @param parts    n arrays (B, 1 or C, D)
/// @param weights  constants, or (1 or B, 1 or C, n)
/// @param y        (B, C, D) overwritten
template <class Real, class Space, class Executor>
void mix_parts_forward(const Executor& executor, const Parts<const Real>& parts, const MixWeights<Real>& weights,
                       View<Real, 3, Space> y) {
  for_each_row<Space>(executor, y.extent(2), MixPartsForward<Real>{parts, weights, y.data()});
}

/// Gradients of `mix_parts_forward`: dx_kbc (+)= w_bck dy_bc, summed in order over candidates that share a vector, and
/// dw_bck = <dy_bc, x_kbc>. Does not wait.
///
/// Cost: O(n B C D), no scratch.
///
/// @param dy        (B, C, D)
/// @param targets   of the parts, some perhaps empty
/// @param dweights  (B, C, n) overwritten, or empty
template <class Real, class Space, class Executor>
void mix_parts_backward(const Executor& executor, View<const Real, 3, Space> dy, const Parts<const Real>& parts,
                        const MixWeights<Real>& weights, const PartTargets<Real>& targets,
                        View<Real, 3, Space> dweights) {
  for_each_target<Space>(executor, dy.extent(2), MixPartsBackward<Real>{dy.data(), parts, weights, targets});
  if (dweights.data())
    for_each_row<Space>(executor, dy.extent(2), MixPartsBackwardWeights<Real>{dy.data(), parts, dweights.data()});
}

/// Writes the weights of a mix for each user and candidate. Does not wait.
///
/// Cost: O(n B C), no scratch.
///
/// @param to  (B, C, n) overwritten
template <class Real, class Space, class Executor>
void spread_weights(const Executor& executor, const Parts<const Real>& parts, const MixWeights<Real>& weights,
                    View<Real, 3, Space> to) {
  for_each_row<Space>(executor, parts.count, SpreadWeights<Real>{parts, weights, to.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
