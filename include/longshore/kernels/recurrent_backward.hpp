// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/recurrent_forward.hpp>
#include <longshore/kernels/team_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a walk back is given, beside its cell.
template <class Real, class Space>
struct RecurrentPass {
  SequenceGroups<Space> groups;
  View<const Real, 2, Space> x;  // (N, D)
  RecurrentWeights<Real, Space> weights;
  Strided<const Real> y;               // (N, H)
  Strided<const Real> dy;              // (N, H), or null
  View<const Real, 2, Space> initial;  // (B, H), or empty
  View<const Real, 2, Space> dlast;    // (B, H), or empty
  Target<Real, 2, Space> dx;           // (N, D), or empty
  Target<Real, 2, Space> dinitial;     // (B, H), or empty
  RecurrentWeightTargets<Real, Space> dweights;
};

/// Walks groups of sequences back through a recurrent cell, from their last steps to their first.
///
/// A team takes some neighbouring groups. It sums gradients of weights over blocks of steps while they are still in its
/// caches; then what the teams found is added up, in their order. The number of teams depends on the sizes only.
///
/// Cost: O(N gates H (D + H)); memory of each team (gates H, D + H) sums and 60 rows of the width of a step on a host,
/// 10 on a device.
///
/// @tparam Cell  width (blocks of H columns it has to say about a step), own, label, start and finish as in
///               `RecurrentForward`; step(team, step, rows): turns dh of the running slots into dh of the step before,
///               and
///               writes the gradients before the activations to rows (running, width H);
///               sum(team, count, rows, before, x, sums): passes `count` such rows on to `RecurrentSums`
template <class Real, class Space, class Cell>
struct RecurrentBackward {
  static inline const std::string label = Cell::label;
  static constexpr int team_size = 128;
  static constexpr Index slots = SequenceGroups<Space>::slots;
  static constexpr Index block = 5 * slots;  // rows that are summed at once
  static constexpr Index least_rows = is_host_space<Space> ? 1024 : 32, most_teams = is_host_space<Space> ? 64 : 528;

  SequenceGroups<Space> groups;
  Index teams, features, hidden, gate_rows;
  const Real* x;                    // (N, D)
  const Real* weights;              // (gates H, D)
  Strided<const Real> y;            // (N, H)
  Strided<const Real> dy;           // (N, H), or null
  const Real* initial;              // (B, H), or null
  const Real* dlast;                // (B, H), or null
  Target<Real, 2, Space> dx;        // (N, D), or empty
  Target<Real, 2, Space> dinitial;  // (B, H), or empty
  Real* input_sums;                 // (teams, gates H, D), or null
  Real* hidden_sums;                // (teams, gates H, H), or null
  Real* bias_sums;                  // (teams, width H), or null
  Real* workspace;                  // (teams, per_team(D, H))
  Cell cell;

  /// Teams for that many steps: enough to keep a machine busy, few enough that their sums do not matter.
  static Index team_count(Index steps, Index sequences) {
    const Index wanted = steps / least_rows < most_teams ? steps / least_rows : most_teams;
    const Index there = chunk_count(sequences, slots), count = wanted > 1 ? wanted : 1;  // none there: sums of 0
    return count < there ? count : there;
  }
  /// Numbers of scratch of one team.
  KOKKOS_INLINE_FUNCTION static std::size_t per_team(Index features, Index hidden) {
    const std::int64_t width = std::int64_t{Cell::width + 1} * hidden + 2 * std::int64_t{features};
    return Workspace<Real>::size(slots, std::int64_t{1 + Cell::own} * hidden) + Workspace<Real>::size(block, width);
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index columns = Cell::width * hidden;
    const std::size_t mine = static_cast<std::size_t>(team.league());
    Real* const states = workspace + mine * per_team(features, hidden);                              // (slots, H) dh
    Real* const own = states + slots * hidden;                                                       // (slots, own H)
    Real* const rows = states + Workspace<Real>::size(slots, std::int64_t{1 + Cell::own} * hidden);  // (block, width H)
    Real* const before = rows + block * columns;                                                     // (block, H)
    Real* const rows_of_x = before + block * hidden;                                                 // (block, D)
    Real* const rows_of_dx = rows_of_x + block * features;                                           // (block, D)
    RecurrentSums<Real> sums{features,
                             hidden,
                             weights,
                             dx ? rows_of_dx : nullptr,
                             mine_of(input_sums, mine, gate_rows, features),
                             mine_of(hidden_sums, mine, gate_rows, hidden),
                             Update::write};
    Real* const bias = mine_of(bias_sums, mine, 1, columns);
    if (bias) zero_run(team, columns, bias);
    const Index count = groups.count();
    const auto first = static_cast<Index>(std::int64_t{count} * team.league() / teams);
    const auto last = static_cast<Index>(std::int64_t{count} * (team.league() + 1) / teams);
    for (Index group = first; group < last; ++group) {
      const Index size = groups.size(group);
      zero_run(team, std::int64_t{slots} * Cell::own * hidden, own);
      team.barrier();
      Index running = 0, filled = 0, t_of_block = 0;
      for (Index t = groups.length(group, 0); t >= 0; --t) {
        // Before its last step a sequence has the gradient by its last state; one without steps has it at t = 0.
        for (; running < size && groups.length(group, running) >= t; ++running) {
          const Index b = groups.sequence(group, running);
          copy_row(team, dlast, b, hidden, states + running * hidden);
          cell.start(team, running, b, own);
        }
        if (t == 0 || filled + running > block) {
          team.barrier();
          sum_up(team, group, t_of_block, t, size, filled, rows, before, rows_of_x, rows_of_dx, sums, bias);
          if (filled > 0) sums.update = Update::add;
          filled = 0;
        }
        if (t == 0) break;
        if (filled == 0) t_of_block = t;
        const RecurrentStep<Real, Space> step{groups, group, t - 1, running, states, own, before + filled * hidden};
        for (Index i = 0; i < running; ++i) {
          const Index row = step.row(i);
          Real* const dh = states + i * hidden;
          if (dy.data)
            for (Index j = team.rank(); j < hidden; j += team.size()) dh[j] += dy(row, j);
          Real* const to = before + (filled + i) * hidden;
          if (t > 1)
            copy_run(team, hidden, &y(groups.row(group, i, t - 2), 0), to);
          else
            copy_row(team, initial, groups.sequence(group, i), hidden, to);
          copy_run(team, features, x + std::int64_t{row} * features, rows_of_x + (filled + i) * features);
          if (t < 3) continue;  // rows that the next step reads
          const Index next = groups.row(group, i, t - 2);
          fetch_run(features, x + std::int64_t{next} * features);
          if (dy.data) fetch_run(hidden, &dy(next, 0));
          fetch_run(hidden, &y(groups.row(group, i, t - 3), 0));
        }
        team.barrier();
        cell.step(team, step, rows + filled * columns);
        filled += running;
      }
      for (Index i = 0; i < size; ++i) {
        const Index b = groups.sequence(group, i);
        add_row(team, states + i * hidden, dinitial, b);
        cell.finish(team, i, b, own);
      }
      team.barrier();
    }
    if (sums.update == Update::add) return;
    if (sums.input) zero_run(team, std::int64_t{gate_rows} * features, sums.input);  // no sequence had a step
    if (sums.hidden_sums) zero_run(team, std::int64_t{gate_rows} * hidden, sums.hidden_sums);
  }

  /// Numbers of scratch for a batch.
  ///
  /// @param gate_rows  gates H
  static std::size_t workspace_size(Index steps, Index sequences, Index features, Index hidden, Index gate_rows) {
    const Index count = team_count(steps, sequences);
    return Workspace<Real>::size(std::int64_t{count} * gate_rows, features) +
           Workspace<Real>::size(std::int64_t{count} * gate_rows, hidden) +
           Workspace<Real>::size(count, std::int64_t{Cell::width} * hidden) +
           static_cast<std::size_t>(count) * per_team(features, hidden);
  }

  /// Runs the walk, and adds up gradients of the weights. Does not wait.
  ///
  /// @return  the sums that biases take
  template <class Executor>
  static TeamSums<Real> run(const Executor& executor, const RecurrentPass<Real, Space>& pass, const Cell& its_cell,
                            View<Real, 1, Space> its_workspace) {
    const Index features = pass.x.extent(1), hidden = pass.weights.hidden.extent(1);
    const Index gate_rows = pass.weights.hidden.extent(0), width = Cell::width * hidden;
    const Index count = team_count(pass.x.extent(0), pass.groups.offsets.count());
    Workspace<Real> pieces{its_workspace.data()};
    Real* const for_input = pieces.take(std::int64_t{count} * gate_rows, features);
    Real* const for_hidden = pieces.take(std::int64_t{count} * gate_rows, hidden);
    Real* const for_bias = pieces.take(count, width);
    const auto& to = pass.dweights;
    for_each_team<Space>(
        executor, count,
        RecurrentBackward{pass.groups, count, features, hidden, gate_rows, pass.x.data(), pass.weights.input.data(),
                          pass.y, pass.dy, pass.initial.data(), pass.dlast.data(), pass.dx, pass.dinitial,
                          to.input ? for_input : nullptr, to.hidden ? for_hidden : nullptr,
                          to.bias_input || to.bias_hidden ? for_bias : nullptr, pieces.next, its_cell});
    const auto add = [&](const Target<Real, 2, Space>& target, const Real* sums) {
      const auto size = static_cast<std::int64_t>(target.view.size());
      if (target) sum_teams<Real, Space>(executor, sums, count, size, size, target.view.data(), target.update);
    };
    add(to.input, for_input);
    add(to.hidden, for_hidden);
    return {for_bias, count, width};
  }

 private:
  KOKKOS_INLINE_FUNCTION static Real* mine_of(Real* all, std::size_t mine, Index rows, Index columns) {
    return all ? all + mine * static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) : nullptr;
  }

  // The rows of steps `newest` down to `oldest` + 1, in the order in which they were walked.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void sum_up(const Team& team, Index group, Index newest, Index oldest, Index size,
                                     Index filled, const Real* rows, const Real* before, const Real* rows_of_x,
                                     const Real* rows_of_dx, const RecurrentSums<Real>& sums, Real* bias) const {
    const Index columns = Cell::width * hidden;
    if (filled == 0) return;
    cell.sum(team, filled, rows, before, rows_of_x, sums);
    if (bias)
      for (Index k = 0; k < filled; ++k)
        for (Index j = team.rank(); j < columns; j += team.size()) bias[j] += rows[k * columns + j];
    team.barrier();
    if (!dx) return;
    Index k = 0;
    for (Index t = newest; t > oldest; --t) {
      const Index running = groups.running(group, t - 1, size);
      for (Index i = 0; i < running; ++i, ++k)
        add_row(team, rows_of_dx + k * features, dx, groups.row(group, i, t - 1));
    }
    team.barrier();
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
