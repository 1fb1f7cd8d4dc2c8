// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/for_each_row.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One over the lengths of the vectors of two parts, for cosines; null for plain inner products.
template <class Real>
struct ScoreNorms {
  const Real* inverse[2] = {};

  KOKKOS_INLINE_FUNCTION Real operator()(const Parts<const Real>& parts, int k, Index b, Index c) const {
    return inverse[k] ? inverse[k][parts.part[k].position(b, c)] : Real(1);
  }
};

/// The body of `dot_scores_forward`, which says what it computes.
template <class Real>
struct DotScoresForward {
  static inline const std::string label = "longshore::dot_scores_forward";
  Parts<const Real> parts;
  ScoreNorms<Real> norms;
  Real scale;
  Real* scores;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Real product = team_dot(team, parts.row(0, b, c), parts.row(1, b, c), parts.part[0].features);
    if (team.rank() == 0) scores[r] = scale * norms(parts, 0, b, c) * norms(parts, 1, b, c) * product;
  }
};

/// The body of `dot_scores_backward`, which says what it computes.
template <class Real>
struct DotScoresBackward {
  static inline const std::string label = "longshore::dot_scores_backward";
  const Real* dscores;
  const Real* scores;
  Parts<const Real> parts;
  ScoreNorms<Real> norms;
  Real scale;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index b, Index c, Real* to,
                                  bool adds) const {
    const Index features = parts.part[0].features;
    const Real mine = norms(parts, k, b, c), others = norms(parts, 1 - k, b, c);
    put_scaled(team, features, dscores[r] * scale * mine * others, parts.row(1 - k, b, c), to, adds);
    if (norms.inverse[k])
      put_scaled(team, features, -dscores[r] * scores[r] * mine * mine, parts.row(k, b, c), to, true);
  }
};

/// Scores candidates by inner products, s_bc = scale <u_bc, v_bc>, or by cosines, divided by both lengths. Does not
/// wait.
///
/// Source: Koren et al. 2009, equation 1.
/// Cost: O(B C D), no scratch.
///
/// @param parts   interests (B, 1 or C, D) and candidates (B, C, D)
/// @param norms   from `inverse_norms`, or null
/// @param scores  (B, C) overwritten
template <class Real, class Space, class Executor>
void dot_scores_forward(const Executor& executor, const Parts<const Real>& parts, const ScoreNorms<Real>& norms,
                        Real scale, View<Real, 2, Space> scores) {
  for_each_row<Space>(executor, parts.part[0].features, DotScoresForward<Real>{parts, norms, scale, scores.data()});
}

/// Gradients of `dot_scores_forward`; an interest that is one for all candidates sums over them in order. Does not
/// wait.
///
/// Cost: O(B C D), no scratch.
///
/// @param dscores  (B, C)
/// @param scores   (B, C) what forward gave
/// @param targets  of the two parts, some perhaps empty
template <class Real, class Space, class Executor>
void dot_scores_backward(const Executor& executor, View<const Real, 2, Space> dscores,
                         View<const Real, 2, Space> scores, const Parts<const Real>& parts,
                         const ScoreNorms<Real>& norms, Real scale, const PartTargets<Real>& targets) {
  for_each_target<Space>(executor, parts.part[0].features,
                         DotScoresBackward<Real>{dscores.data(), scores.data(), parts, norms, scale, targets});
}

}  // namespace longshore::inline LONGSHORE_ABI
