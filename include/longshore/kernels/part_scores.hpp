// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/for_each_row.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `part_scores_forward`, which says what it computes.
template <class Real>
struct PartScoresForward {
  static inline const std::string label = "longshore::part_scores_forward";
  Parts<const Real> parts;
  typename Parts<const Real>::Part query;
  Real scale;
  Real* scores;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r, Index b, Index c) const {
    const Real* q = query.row(b, c);
    for (int k = 0; k < parts.count; ++k) {
      const Real score = scale * team_dot(team, q, parts.row(k, b, c), query.features);
      if (team.rank() == 0) scores[r * parts.count + k] = score;
    }
  }
};

/// The body of `part_scores_backward`, which says what it computes.
template <class Real>
struct PartScoresBackward {
  static inline const std::string label = "longshore::part_scores_backward";
  const Real* dscores;
  Parts<const Real> parts;
  typename Parts<const Real>::Part query;
  Real scale;
  PartTargets<Real> targets;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, std::int64_t r, int k, Index b, Index c, Real* to,
                                  bool adds) const {
    put_scaled(team, query.features, scale * dscores[r * parts.count + k], query.row(b, c), to, adds);
  }
};

/// The gradient by the query: a user's candidates in their order, so that they may share one.
template <class Real>
struct PartScoresBackwardQuery {
  static inline const std::string label = "longshore::part_scores_backward_query";
  static constexpr int team_size = 64;
  const Real* dscores;
  Parts<const Real> parts;
  typename Parts<Real>::Part query;
  Real scale;
  bool adds;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index b = team.league();
    for (Index c = 0; c < parts.candidates; ++c)
      for (int k = 0; k < parts.count; ++k) {
        const std::int64_t r = std::int64_t{b} * parts.candidates + c;
        const bool first = k == 0 && (c == 0 || query.candidate_step != 0);
        put_scaled(team, query.features, scale * dscores[r * parts.count + k], parts.row(k, b, c), query.row(b, c),
                   adds || !first);
      }
  }
};

/// Scores of vectors by a query: s_bck = scale <q_bc, x_kbc>. Does not wait.
///
/// Source: Vaswani et al. 2017, section 3.2.1.
/// Cost: O(n B C D), no scratch.
///
/// @param parts   n arrays (B, 1 or C, D)
/// @param query   (1 or B, 1 or C, D)
/// @param scores  (B, C, n) overwritten
template <class Real, class Space, class Executor>
void part_scores_forward(const Executor& executor, const Parts<const Real>& parts, View<const Real, 3, Space> query,
                         Real scale, View<Real, 3, Space> scores) {
  for_each_row<Space>(executor, std::int64_t{parts.count} * query.extent(2),
                      PartScoresForward<Real>{parts, part_of(query), scale, scores.data()});
}

/// Gradients of `part_scores_forward`, summed in order over candidates that share a vector. Does not wait.
///
/// Cost: O(n B C D), no scratch.
///
/// @param dscores  (B, C, n)
/// @param targets  of the parts, some perhaps empty
/// @param dquery   (B, 1 or C, D), or empty. For a query that all users share it has one row a user, to be summed.
template <class Real, class Space, class Executor>
void part_scores_backward(const Executor& executor, View<const Real, 3, Space> dscores, const Parts<const Real>& parts,
                          View<const Real, 3, Space> query, Real scale, const PartTargets<Real>& targets,
                          Target<Real, 3, Space> dquery) {
  for_each_target<Space>(executor, query.extent(2),
                         PartScoresBackward<Real>{dscores.data(), parts, part_of(query), scale, targets});
  if (dquery)
    for_each_team<Space>(
        executor, parts.users,
        PartScoresBackwardQuery<Real>{dscores.data(), parts, part_of(dquery.view), scale, dquery.adds()});
}

}  // namespace longshore::inline LONGSHORE_ABI
