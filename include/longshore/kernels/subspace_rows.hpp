// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include <longshore/core/team.hpp>
#include <longshore/kernels/row_schedule.hpp>
#include <longshore/kernels/subspace_row.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `subspace_rows`, which says what it computes.
template <class Real, class Space>
struct SubspaceRows {
  static inline const std::string label = "longshore::subspace_rows";
  static constexpr int team_size = 128;
  RowSystems<Real, Space> systems;
  RowSchedule schedule;
  Index block, workers;
  bool from_zero;
  Real* scratch;  // (workers, scratch_each)
  std::size_t scratch_each;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    Real* mine = scratch + static_cast<std::size_t>(team.league()) * scratch_each;
    const SubspaceRow<Real, Space> row{systems, block, from_zero, mine};
    std::int64_t piece = team.league();
    for (;;) {
      if constexpr (Team::single) piece = Kokkos::atomic_fetch_add(schedule.taken, std::int64_t{1});
      if (piece >= schedule.pieces()) return;
      ObjectiveParts parts;
      const auto first = static_cast<Index>(piece * schedule.rows_each);
      for (Index r = first; r < schedule.rows && r < first + schedule.rows_each; ++r) row.solve(team, r, parts);
      if (team.rank() == 0) schedule.parts[piece] = parts;
      if constexpr (!Team::single) piece += workers;
    }
  }
};

/// Numbers of scratch that `subspace_rows` needs for each worker.
///
/// @param longest  entries of the longest row
template <class Real, class Space>
std::size_t subspace_rows_workspace(Index features, Index block, std::int64_t longest) {
  return SubspaceRow<Real, Space>::scratch_size(features, std::min(block, features), longest);
}

/// The schedule of `subspace_rows`: a row passes over its entries once, so that there are no long ones.
template <class Space>
RowSchedule subspace_schedule(Index rows, Index columns) {
  RowSchedule schedule;
  schedule.rows = rows;
  schedule.columns = columns;
  if constexpr (!is_host_space<Space>) schedule.rows_each = 4;
  return schedule;
}

/// Improves the solution of every row block by block of its features: the best numbers of the block, the others as they
/// are, by Cholesky. One block of all features is the exact solution. Does not wait.
///
/// A singular system gets one of its solutions (`solve_positive`).
///
/// Cost: O(N D (D / block + block) + R (D^2 + D block^2)); scratch subspace_rows_workspace numbers a worker.
/// Source: Rendle, Krichene, Zhang and Koren 2021, iALS++, algorithm 3, whose scores are made anew in each row instead
/// of being kept for all interactions.
///
/// @param schedule   `subspace_schedule`; its arrays are given by whoever calls; parts is overwritten
/// @param block      features of a block, at least 1
/// @param from_zero  whether to start from zeros instead of from what `systems.solutions` holds
/// @param workers    as row_workers
/// @param scratch    (workers, subspace_rows_workspace)
/// @param longest    entries of the longest row
template <class Real, class Space, class Executor>
void subspace_rows(const Executor& executor, const RowSystems<Real, Space>& systems, const RowSchedule& schedule,
                   Index block, bool from_zero, Index workers, Real* scratch, std::int64_t longest) {
  begin_schedule<Real, Space>(executor, systems.rows, schedule);
  const Index size = std::min(block, systems.features);
  for_each_team<Space>(
      executor, schedule.rows > 0 ? workers : 0,
      SubspaceRows<Real, Space>{systems, schedule, size, workers, from_zero, scratch,
                                subspace_rows_workspace<Real, Space>(systems.features, size, longest)});
}

}  // namespace longshore::inline LONGSHORE_ABI
