// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The scores of one user's candidates.
template <class Real, class Space>
struct DotScores {
  static inline const std::string label = "longshore::dot_scores_forward";
  static constexpr int team_size = 64;
  View<const Real, 3, Space> interest, candidates;
  Real scale;
  View<Real, 2, Space> scores;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index b = team.league(), features = candidates.extent(2);
    const bool shared = interest.extent(1) == 1;
    for (Index c = team.rank(); c < candidates.extent(1); c += team.size())
      scores(b, c) = scale * dot(&interest(b, shared ? 0 : c, 0), &candidates(b, c, 0), features);
  }
};

/// The gradients of one user's interest and candidates.
template <class Real, class Space>
struct DotScoresGradients {
  static inline const std::string label = "longshore::dot_scores_backward";
  static constexpr int team_size = 64;
  View<const Real, 2, Space> dscores;
  View<const Real, 3, Space> interest, candidates;
  Real scale;
  Target<Real, 3, Space> dinterest, dcandidates;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index b = team.league(), count = candidates.extent(1), features = candidates.extent(2);
    const bool shared = interest.extent(1) == 1;
    for (Index d = team.rank(); d < features; d += team.size()) {
      if (dinterest && shared && !dinterest.adds()) dinterest.view(b, 0, d) = 0;
      for (Index c = 0; c < count; ++c) {
        const Real slope = scale * dscores(b, c);
        if (dinterest) {
          Real& to = dinterest.view(b, shared ? 0 : c, d);
          to = slope * candidates(b, c, d) + (shared || dinterest.adds() ? to : Real(0));
        }
        if (dcandidates) {
          Real& to = dcandidates.view(b, c, d);
          to = slope * interest(b, shared ? 0 : c, d) + (dcandidates.adds() ? to : Real(0));
        }
      }
    }
  }
};

/// Scores candidates by the inner product with an interest: s_bc = scale <u_bc, v_bc>. Does not wait.
///
/// @param interest    (B, 1 or C, D)
/// @param candidates  (B, C, D)
/// @param scores      (B, C) overwritten
template <class Real, class Space, class Executor>
void dot_scores_forward(const Executor& executor, View<const Real, 3, Space> interest,
                        View<const Real, 3, Space> candidates, Real scale, View<Real, 2, Space> scores) {
  for_each_team<Space>(executor, candidates.extent(0), DotScores<Real, Space>{interest, candidates, scale, scores});
}

/// Gradients of `dot_scores_forward`; an interest that is one for all candidates sums over them in order. Does not wait.
///
/// @param dscores      (B, C)
/// @param dinterest    (B, 1 or C, D), or empty
/// @param dcandidates  (B, C, D), or empty; must not be the memory of `dinterest`
template <class Real, class Space, class Executor>
void dot_scores_backward(const Executor& executor, View<const Real, 2, Space> dscores, View<const Real, 3, Space> interest,
                         View<const Real, 3, Space> candidates, Real scale, Target<Real, 3, Space> dinterest,
                         Target<Real, 3, Space> dcandidates) {
  for_each_team<Space>(executor, candidates.extent(0),
                       DotScoresGradients<Real, Space>{dscores, interest, candidates, scale, dinterest, dcandidates});
}

}  // namespace longshore::inline LONGSHORE_ABI
