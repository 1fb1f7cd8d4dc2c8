// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/for_each_row.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where part k begins in the joined vector.
template <class T>
KOKKOS_INLINE_FUNCTION Index first_feature(const Parts<T>& parts, int k) {
  Index first = 0;
  for (int j = 0; j < k; ++j) first += parts.part[j].features;
  return first;
}

/// The body of `concat_parts_forward`, which says what it computes.
template <class Real>
struct ConcatPartsForward {
  static inline const std::string label = "longshore::concat_parts_forward";
  Parts<const Real> parts;
  Index features;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    Real* to = y + r * features;
    for (int k = 0; k < parts.count; ++k) {
      const Index width = parts.part[k].features;
      put_scaled(team, width, Real(1), parts.row(k, b, c), to, false);
      to += width;
    }
  }
};

/// The body of `concat_parts_backward`, which says what it computes.
template <class Real>
struct ConcatPartsBackward {
  static inline const std::string label = "longshore::concat_parts_backward";
  const Real* dy;
  Index features;
  Parts<const Real> parts;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index, Index, Real* to, bool adds) const {
    put_scaled(team, parts.part[k].features, Real(1), dy + r * features + first_feature(parts, k), to, adds);
  }
};

/// The body of `norm_shares`, which says what it computes.
template <class Real>
struct NormShares {
  static inline const std::string label = "longshore::norm_shares";
  Parts<const Real> parts;
  Real* shares;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    Real* share = shares + r * parts.count;
    Real sum = 0;
    for (int k = 0; k < parts.count; ++k) {
      const Real* x = parts.row(k, b, c);
      const Real square = team_dot(team, x, x, parts.part[k].features);
      if (team.rank() == 0) share[k] = square;
      sum += square;
    }
    if (team.rank() != 0) return;
    for (int k = 0; k < parts.count; ++k)
      share[k] = sum > Real(0) ? share[k] / sum : Real(1) / static_cast<Real>(parts.count);
  }
};

/// Joins vectors end to end: y_bc = [x_1bc, ..., x_nbc]. Does not wait.
///
/// Source: An et al. 2019 (LSTUR-con).
/// Cost: O(B C sum of D_k), no scratch.
///
/// @param parts  n arrays (B, 1 or C, D_k)
/// @param y      (B, C, sum of D_k) overwritten
template <class Real, class Space, class Executor>
void concat_parts_forward(const Executor& executor, const Parts<const Real>& parts, View<Real, 3, Space> y) {
  for_each_row<Space>(executor, y.extent(2), ConcatPartsForward<Real>{parts, y.extent(2), y.data()});
}

/// Gradients of `concat_parts_forward`: each part gets its slice of dy, summed in order over candidates that share a
/// vector. Does not wait.
///
/// Cost: O(B C sum of D_k), no scratch.
///
/// @param dy       (B, C, sum of D_k)
/// @param targets  of the parts, some perhaps empty
template <class Real, class Space, class Executor>
void concat_parts_backward(const Executor& executor, View<const Real, 3, Space> dy, const Parts<const Real>& parts,
                           const PartTargets<Real>& targets) {
  for_each_target<Space>(executor, dy.extent(2), ConcatPartsBackward<Real>{dy.data(), dy.extent(2), parts, targets});
}

/// The share of each part in the squared norm of all; equal shares where all are zero. Does not wait.
///
/// Cost: O(B C sum of D_k), no scratch.
///
/// @param parts   n arrays (B, 1 or C, D_k)
/// @param shares  (B, C, n) overwritten
template <class Real, class Space, class Executor>
void norm_shares(const Executor& executor, const Parts<const Real>& parts, View<Real, 3, Space> shares) {
  for_each_row<Space>(executor, first_feature(parts, parts.count), NormShares<Real>{parts, shares.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
