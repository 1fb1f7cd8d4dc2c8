// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/team.hpp>
#include <longshore/kernels/conjugate_gradient_group.hpp>
#include <longshore/kernels/row_schedule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `conjugate_gradient_rows`, which says what it computes.
template <class Real, class Space>
struct ConjugateGradientRows {
  static inline const std::string label = "longshore::conjugate_gradient_rows";
  static constexpr int team_size = 128;
  RowSystems<Real, Space> systems;
  RowSchedule schedule;
  const Real* spread_gramian;  // (D, spread D), or null
  Index steps, workers;
  Real* scratch;  // (workers, scratch_each)
  std::size_t scratch_each;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    Real* mine = scratch + static_cast<std::size_t>(team.league()) * scratch_each;
    if constexpr (Team::single) {
#if !LONGSHORE_ON_DEVICE
      with_row_lanes<Real>(systems.features, [&](const auto& lanes) { work(lanes, mine); });
#endif
    } else {
      for (Index piece = team.league(); piece < schedule.pieces(); piece += workers) {
        ObjectiveParts parts;
        const Index first = piece * schedule.rows_each;
        for (Index r = first; r < schedule.rows && r < first + schedule.rows_each; ++r) solve(team, r, mine, parts);
        if (team.rank() == 0) schedule.parts[piece] = parts;
      }
    }
  }

 private:
#if !LONGSHORE_ON_DEVICE
  // Takes pieces until there are none; the groups of long rows come first, because they take longest.
  template <class Lanes>
  void work(const Lanes& lanes, Real* mine) const {
    const ConjugateGradientGroup<Real, Space, Lanes> group{systems, lanes, spread_gramian, steps, mine};
    const Index count = *schedule.long_count, together = schedule.group(workers);
    const Index groups = chunk_count(count, together);
    for (;;) {
      const auto piece = static_cast<Index>(Kokkos::atomic_fetch_add(schedule.taken, std::int64_t{1}));
      if (piece >= groups + schedule.pieces()) return;
      if (piece < groups) {
        const Index first = piece * together;
        group.solve(schedule.long_rows + first, std::min(together, count - first), schedule.tile,
                    schedule.parts + first, 1);
        continue;
      }
      const Index first = (piece - groups) * schedule.rows_each;
      ObjectiveParts parts;
      for (Index r = first; r < schedule.rows && r < first + schedule.rows_each; ++r)
        if (systems.rows.length(r) < schedule.long_from) group.solve(&r, 1, 0, &parts, 0);
      schedule.parts[schedule.most_long + piece - groups] = parts;
    }
  }
#endif

  // out = (G + ridge 1) p, by the lanes of a team.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void multiply(const Team& team, Real ridge, const Real* p, Real* out) const {
    const Index features = systems.features;
    for (Index d = team.rank(); d < features; d += team.size()) {
      Real sum = ridge * p[d];
      if (systems.gramian)
        for (Index k = 0; k < features; ++k) sum += systems.gramian[std::int64_t{k} * features + d] * p[k];
      out[d] = sum;
    }
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION Real dot(const Team& team, const Real* a, const Real* b) const {
    Real mine = 0;
    for (Index d = team.rank(); d < systems.features; d += team.size()) mine += a[d] * b[d];
    return team.sum(mine);
  }

  // out += sum_e (b_e - a_e s_e) y_e at first, later sum_e a_e s_e y_e, where s_e = y_e p; gives sum_e b_e s_e. Each
  // lane scores an entry, then takes a feature of all of them.
  template <class Team>
  KOKKOS_INLINE_FUNCTION Real pass(const Team& team, Index r, bool residual, const Real* p, Real* out,
                                   Real* factors) const {
    Real result = 0;
    for (std::int64_t first = systems.rows.begin(r); first < systems.rows.end(r); first += team.size()) {
      const std::int64_t e = first + team.rank(), rest = systems.rows.end(r) - first;
      const auto here = static_cast<Index>(rest < team.size() ? rest : team.size());
      if (team.rank() < here) {
        const Real* y = systems.table_row(systems.rows.columns[e]);
        const Real value = systems.rows.values[e];
        Real score = 0;
        for (Index d = 0; d < systems.features; ++d) score += y[d] * p[d];
        const Real part = systems.weights.weight(value) * score;
        factors[team.rank()] = residual ? systems.weights.target(value) - part : part;
        if (residual) result += systems.weights.target(value) * score;
      }
      team.barrier();
      for (Index d = team.rank(); d < systems.features; d += team.size())
        for (Index j = 0; j < here; ++j) out[d] += factors[j] * systems.table_row(systems.rows.columns[first + j])[d];
      team.barrier();
    }
    return team.sum(result);
  }

  // What ConjugateGradientGroup does, by a device team, and with nothing held in registers.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void solve(const Team& team, Index r, Real* mine, ObjectiveParts& parts) const {
    const Index features = systems.features;
    Real* x = systems.solution(r);
    Real *residual = mine, *p = residual + features, *product = p + features, *factors = product + features;
    if (systems.rows.length(r) == 0) {
      for (Index d = team.rank(); d < features; d += team.size()) x[d] = 0;
      return;
    }
    const Real ridge = systems.ridge_of(r);
    multiply(team, ridge, x, residual);
    for (Index d = team.rank(); d < features; d += team.size()) residual[d] = -residual[d];
    team.barrier();
    const Real target = pass(team, r, true, x, residual, factors);
    double fit = -static_cast<double>(target) - static_cast<double>(dot(team, x, residual));
    for (std::int64_t e = systems.rows.begin(r); e < systems.rows.end(r); ++e)
      fit += systems.weights.constant(systems.rows.values[e]);
    for (Index d = team.rank(); d < features; d += team.size()) p[d] = residual[d];
    Real square = dot(team, residual, residual);
    team.barrier();
    const Real enough = square_of_rounding(square, target, dot(team, x, x));
    const std::int64_t directions = systems.most_directions(r);
    for (Index step = 0; step < steps && step < directions && square >= enough; ++step) {
      multiply(team, ridge, p, product);
      team.barrier();
      pass(team, r, false, p, product, factors);
      const Real curvature = dot(team, p, product);
      if (!(curvature > 0)) break;
      const Real length = square / curvature;
      for (Index d = team.rank(); d < features; d += team.size()) {
        x[d] += length * p[d];
        residual[d] -= length * product[d];
      }
      fit -= static_cast<double>(length) * static_cast<double>(square);
      team.barrier();
      const Real next = dot(team, residual, residual);
      for (Index d = team.rank(); d < features; d += team.size()) p[d] = residual[d] + next / square * p[d];
      square = next;
      team.barrier();
    }
    parts.fit += fit;
    parts.penalty += static_cast<double>(ridge) * static_cast<double>(dot(team, x, x));
  }
};

/// Numbers of scratch that `conjugate_gradient_rows` needs for each worker.
template <class Real, class Space>
std::size_t conjugate_gradient_rows_workspace(const RowSchedule& schedule, Index features) {
  const auto size = static_cast<std::size_t>(features) + static_cast<std::size_t>(simd_width<Real>);
  if constexpr (!is_host_space<Space>) return 3 * size + ConjugateGradientRows<Real, Space>::team_size;
  return 4 * size * static_cast<std::size_t>(schedule.most_long > 0 ? schedule.most_group : 1);
}

/// Improves the solution of every row by some steps of the conjugate gradient method, from what `systems.solutions`
/// holds: two or three a pass are enough in alternating least squares, because the last pass left nearly the solution.
/// Does not wait.
///
/// A row ends earlier when its residual is below 1e-10 or nothing but rounding, in a direction in which nothing curves,
/// and, where its matrix is surely singular, after as many steps as that can have rank: it gets one of its solutions.
/// Entries' rows of the table are read four at a time, their scores and what they add come from registers; the last
/// step needs the scores only.
///
/// Cost: O(steps (N D + R D^2)); scratch conjugate_gradient_rows_workspace numbers a worker.
/// Source: Takacs, Pilaszy and Tikk 2011, section 3.2; differs from `implicit` in nothing but rounding.
///
/// @param spread_gramian  (D, spread D) on a host, by `spread_gramian`: null if systems.gramian is, else not read on a
///                        device
/// @param schedule        its arrays are given by whoever calls; parts is overwritten
/// @param workers         as row_workers
/// @param scratch         (workers, conjugate_gradient_rows_workspace)
template <class Real, class Space, class Executor>
void conjugate_gradient_rows(const Executor& executor, const RowSystems<Real, Space>& systems,
                             const RowSchedule& schedule, const Real* spread_gramian, Index steps, Index workers,
                             Real* scratch) {
  begin_schedule<Real, Space>(executor, systems.rows, schedule);
  const auto each = conjugate_gradient_rows_workspace<Real, Space>(schedule, systems.features);
  for_each_team<Space>(
      executor, schedule.rows > 0 ? workers : 0,
      ConjugateGradientRows<Real, Space>{systems, schedule, spread_gramian, steps, workers, scratch, each});
}

}  // namespace longshore::inline LONGSHORE_ABI
