// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/team.hpp>
#include <longshore/kernels/attend.hpp>
#include <longshore/kernels/attend_backward.hpp>

/// One head over one sequence, by one team.
template <class Real>
struct AttendOnce {
  static inline const std::string label = "test::attend_once";
  static constexpr int team_size = 64;
  longshore::AttentionShape<Real> shape;
  longshore::Index length, row, head;
  longshore::Strided<const Real> query, key, value;
  longshore::Strided<Real> attended, statistics;
  Real* tiles;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    longshore::OwnTile<Real, Team> own;
    longshore::attend(team, shape, length, row, head, query, key, value, attended, statistics, own.of(team, tiles));
  }
};

/// Its gradients.
template <class Real>
struct AttendBackwardOnce {
  static inline const std::string label = "test::attend_backward_once";
  static constexpr int team_size = 64;
  longshore::AttentionShape<Real> shape;
  longshore::Index length, row, head;
  longshore::Strided<const Real> attended, dattended, query, key, value, statistics;
  longshore::Strided<Real> dquery, dkey, dvalue;
  Real* tiles;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    longshore::OwnTile<Real, Team> own;
    longshore::attend_backward(team, shape, length, row, head, attended, dattended, query, key, value, statistics,
                               dquery, dkey, dvalue, own.of(team, tiles));
  }
};
