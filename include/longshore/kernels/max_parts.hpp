// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/for_each_row.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `max_parts_forward`, which says what it computes.
template <class Real>
struct MaxPartsForward {
  static inline const std::string label = "longshore::max_parts_forward";
  Parts<const Real> parts;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    Real* to = y + r * features;
    put_scaled(team, features, Real(1), parts.row(0, b, c), to, false);
    for (int k = 1; k < parts.count; ++k) {
      const Real* from = parts.row(k, b, c);
      for (Index d = team.rank(); d < features; d += team.size())
        to[d] = ((from[d] > to[d]) | (from[d] != from[d])) ? from[d] : to[d];
    }
  }
};

/// Whether part k is the first that has the greatest number at feature d, for one user and candidate.
template <class Real>
KOKKOS_INLINE_FUNCTION bool wins_max(const Parts<const Real>& parts, int k, Index b, Index c, Index d, Real greatest) {
  bool wins = parts.row(k, b, c)[d] == greatest;
  for (int j = 0; j < k; ++j) wins = wins && parts.row(j, b, c)[d] != greatest;
  return wins;
}

/// The body of `max_parts_backward`, which says what it computes.
template <class Real>
struct MaxPartsBackward {
  static inline const std::string label = "longshore::max_parts_backward";
  const Real* dy;
  Parts<const Real> parts;
  const Real* y;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index b, Index c, Real* to,
                                  bool adds) const {
    const Index features = parts.part[0].features;
    const Real* gradient = dy + r * features;
    const Real* greatest = y + r * features;
    if (k < 2) {  // the common cases, as one loop that vectorises
      const Real* first = parts.row(0, b, c);
      const Real* mine = parts.row(k, b, c);
      const bool is_first = k == 0;
      for (Index d = team.rank(); d < features; d += team.size()) {
        const bool wins = (mine[d] == greatest[d]) & ((first[d] == greatest[d]) == is_first);
        to[d] = (adds ? to[d] : Real(0)) + (wins ? gradient[d] : Real(0));
      }
      return;
    }
    for (Index d = team.rank(); d < features; d += team.size())
      to[d] = (adds ? to[d] : Real(0)) + (wins_max(parts, k, b, c, d, greatest[d]) ? gradient[d] : Real(0));
  }
};

/// The body of `max_parts_shares`, which says what it computes.
template <class Real>
struct MaxPartsShares {
  static inline const std::string label = "longshore::max_parts_shares";
  Parts<const Real> parts;
  Real* shares;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Index features = parts.part[0].features;
    for (int k = 0; k < parts.count; ++k) {
      Real won = 0;
      for (Index d = team.rank(); d < features; d += team.size()) {
        Real greatest = parts.row(0, b, c)[d];
        for (int j = 1; j < parts.count; ++j) {
          const Real x = parts.row(j, b, c)[d];
          greatest = x > greatest ? x : greatest;
        }
        won += wins_max(parts, k, b, c, d, greatest) ? Real(1) : Real(0);
      }
      won = team.sum(won);
      if (team.rank() == 0) shares[r * parts.count + k] = won / static_cast<Real>(features);
    }
  }
};

/// Takes the greatest number of each feature: y_bcd = max over k of x_kbcd. Not-a-number wins. Does not wait.
///
/// Source: Goodfellow et al. 2013 (maxout).
/// Cost: O(n B C D), no scratch.
///
/// @param parts  n arrays (B, 1 or C, D)
/// @param y      (B, C, D) overwritten
template <class Real, class Space, class Executor>
void max_parts_forward(const Executor& executor, const Parts<const Real>& parts, View<Real, 3, Space> y) {
  for_each_row<Space>(executor, y.extent(2), MaxPartsForward<Real>{parts, y.data()});
}

/// Gradients of `max_parts_forward`: dy goes to the part that won the feature, to the first of equal ones; summed in
/// order over candidates that share a vector. Does not wait.
///
/// Cost: O(n² B C D), no scratch.
///
/// @param dy       (B, C, D)
/// @param y        (B, C, D) what forward gave
/// @param targets  of the parts, some perhaps empty
template <class Real, class Space, class Executor>
void max_parts_backward(const Executor& executor, View<const Real, 3, Space> dy, const Parts<const Real>& parts,
                        View<const Real, 3, Space> y, const PartTargets<Real>& targets) {
  for_each_target<Space>(executor, dy.extent(2), MaxPartsBackward<Real>{dy.data(), parts, y.data(), targets});
}

/// The share of features that each part won. Does not wait.
///
/// Cost: O(n² B C D), no scratch.
///
/// @param shares  (B, C, n) overwritten
template <class Real, class Space, class Executor>
void max_parts_shares(const Executor& executor, const Parts<const Real>& parts, View<Real, 3, Space> shares) {
  for_each_row<Space>(executor, std::int64_t{parts.count} * parts.part[0].features,
                      MaxPartsShares<Real>{parts, shares.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
