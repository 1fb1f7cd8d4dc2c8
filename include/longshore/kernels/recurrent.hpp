// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/value.hpp>
#include <longshore/kernels/sequence_groups.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Copies a run of numbers by the lanes of a team; no barrier inside.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void copy_run(const Team& team, Index count, const Real* from, Real* to) {
  for (Index j = team.rank(); j < count; j += team.size()) to[j] = from[j];
}

/// Copies a run of numbers, or writes zeros if there is nothing to copy.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void copy_run_or_zeros(const Team& team, Index count, const Real* from, Real* to) {
  if (from) return copy_run(team, count, from, to);
  for (Index j = team.rank(); j < count; j += team.size()) to[j] = 0;
}

/// Row b of a matrix of `width` columns, or null if there is no matrix.
template <class T>
KOKKOS_INLINE_FUNCTION T* row_or_null(T* matrix, Index b, Index width) {
  return matrix ? matrix + std::int64_t{b} * width : nullptr;
}

/// One step of a group, as its cell sees it.
template <class Real, class Space>
struct RecurrentStep {
  const SequenceGroups<Space>& groups;
  Index group, t;
  Index running;  // slots that have a step t
  Index rows;     // the same, padded: rows to compute, the last of which may be meaningless
  Real* states;   // (slots, H) h of each slot; in backward the gradient by it
  Real* own;      // (slots, Cell::own H) of the cell

  KOKKOS_INLINE_FUNCTION Index row(Index slot) const { return groups.row(group, slot, t); }
};

/// Walks groups of sequences through a recurrent cell. One team owns a group over all steps.
///
/// Each row is summed by itself in an order that depends on the sizes only: how sequences are grouped changes no bit.
///
/// @tparam Cell  gates (blocks of H columns that multiply x), own (blocks of H columns it remembers or works in), label,
///               start(team, slot, b, own), step(team, step, inputs), finish(team, slot, b, own)
template <class Real, class Space, class Cell>
struct RecurrentForward {
  static inline const std::string label = Cell::label;
  static constexpr int team_size = 128;
  static constexpr Index slots = SequenceGroups<Space>::slots, gates = Cell::gates;

  SequenceGroups<Space> groups;
  Index features, hidden;
  const Real* x;             // (N, D)
  const Real* weights;       // (D, gates H)
  const Real* bias;          // (gates H), or null
  const Real* initial;       // (B, H), or null
  Strided<Real> y;           // (N, H)
  Real* last;                // (B, H), or null
  Real* workspace;           // (groups, per_group(D, H))
  Cell cell;

  static std::size_t groups_of(Index sequences) { return static_cast<std::size_t>((sequences + slots - 1) / slots); }
  static KOKKOS_INLINE_FUNCTION std::size_t per_group(Index features, Index hidden) {
    const auto width = static_cast<std::size_t>(features) + static_cast<std::size_t>(1 + Cell::gates + Cell::own) *
                                                                static_cast<std::size_t>(hidden);
    return (static_cast<std::size_t>(slots) * width + 15) / 16 * 16;
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index group = team.league(), size = groups.size(group), columns = Cell::gates * hidden;
    Real* const inputs = workspace + group * static_cast<std::int64_t>(per_group(features, hidden));  // (slots, gates H)
    Real* const states = inputs + slots * columns;                                                    // (slots, H)
    Real* const own = states + slots * hidden;                                                        // (slots, own H)
    Real* const rows_of_x = own + slots * Cell::own * hidden;                                         // (slots, D)
    copy_run_or_zeros<Real>(team, slots * (Cell::own * hidden + features), nullptr, own);  // rows that padding computes
    team.barrier();
    for (Index i = 0; i < slots; ++i) {
      const Index b = i < size ? groups.sequence(group, i) : 0;
      copy_run_or_zeros(team, hidden, i < size ? row_or_null(initial, b, hidden) : nullptr, states + i * hidden);
      if (i < size) cell.start(team, i, b, own);
    }
    team.barrier();
    Index running = size;
    for (Index t = 0; (running = groups.running(group, t, running)) > 0;) {
      // Products with x for several steps at once where few sequences are left, so that weights are read less often.
      const Index rows = groups.padded(running), left = groups.length(group, running - 1) - t;
      const Index steps = slots / rows < left ? slots / rows : left;
      for (Index s = 0; s < steps; ++s)
        for (Index i = 0; i < running; ++i)
          copy_run(team, features, x + std::int64_t{groups.row(group, i, t + s)} * features,
                   rows_of_x + (s * rows + i) * features);
      team.barrier();
      multiply<Real>(team, steps * rows, columns, features, Strided<const Real>{rows_of_x, features},
                     Strided<const Real>{weights, columns}, Strided<Real>{inputs, columns}, Update::write, bias);
      team.barrier();
      for (Index s = 0; s < steps; ++s, ++t) {
        const RecurrentStep<Real, Space> step{groups, group, t, running, rows, states, own};
        cell.step(team, step, inputs + s * rows * columns);
        for (Index i = 0; i < running; ++i)
          copy_run(team, hidden, states + i * hidden, &y(step.row(i), 0));
        team.barrier();
      }
    }
    for (Index i = 0; i < size; ++i) {
      const Index b = groups.sequence(group, i);
      if (last) copy_run(team, hidden, states + i * hidden, row_or_null(last, b, hidden));
      cell.finish(team, i, b, own);
    }
  }
};

/// Walks groups of sequences back through a recurrent cell, from their last steps to their first.
///
/// @tparam Cell  own and label as in `RecurrentForward`; start and finish likewise, with gradients;
///               step(team, step, previous): turns dh of the running slots into dh of the step before
template <class Real, class Space, class Cell>
struct RecurrentBackward {
  static inline const std::string label = Cell::label;
  static constexpr int team_size = 128;
  static constexpr Index slots = SequenceGroups<Space>::slots;

  SequenceGroups<Space> groups;
  Index hidden;
  Strided<const Real> y;         // (N, H)
  Strided<const Real> dy;        // (N, H), or null
  const Real* initial;           // (B, H), or null
  const Real* dlast;             // (B, H), or null
  Target<Real, 2, Space> dinitial;  // (B, H), or empty
  Real* previous;                // (N, H) overwritten by the state before each step
  Real* workspace;               // (groups, per_group(H))
  Cell cell;

  static std::size_t groups_of(Index sequences) { return static_cast<std::size_t>((sequences + slots - 1) / slots); }
  static KOKKOS_INLINE_FUNCTION std::size_t per_group(Index hidden) {
    const auto width = static_cast<std::size_t>(1 + Cell::own) * static_cast<std::size_t>(hidden);
    return (static_cast<std::size_t>(slots) * width + 15) / 16 * 16;
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index group = team.league(), size = groups.size(group);
    Real* const states = workspace + group * static_cast<std::int64_t>(per_group(hidden));  // (slots, H)
    Real* const own = states + slots * hidden;                                              // (slots, own H)
    copy_run_or_zeros<Real>(team, slots * (1 + Cell::own) * hidden, nullptr, states);
    team.barrier();
    Index running = 0;
    for (Index t = groups.length(group, 0); t >= 0; --t) {
      // Before its first step in reverse a sequence has the gradient by its last state; one without steps has it at t = 0.
      for (; running < size && groups.length(group, running) >= t; ++running) {
        const Index b = groups.sequence(group, running);
        copy_run_or_zeros(team, hidden, row_or_null(dlast, b, hidden), states + running * hidden);
        cell.start(team, running, b, own);
      }
      if (t == 0) break;
      team.barrier();
      const RecurrentStep<Real, Space> step{groups, group, t - 1, running, groups.padded(running), states, own};
      for (Index i = 0; i < running; ++i) {
        const Index row = step.row(i);
        Real* const dh = states + i * hidden;
        if (dy.data)
          for (Index j = team.rank(); j < hidden; j += team.size()) dh[j] += dy(row, j);
        const Real* before = t > 1 ? &y(groups.row(group, i, t - 2), 0)
                                   : row_or_null(initial, groups.sequence(group, i), hidden);
        copy_run_or_zeros(team, hidden, before, previous + std::int64_t{row} * hidden);
      }
      team.barrier();
      cell.step(team, step, previous);
    }
    team.barrier();
    for (Index i = 0; i < size; ++i) {
      const Index b = groups.sequence(group, i);
      if (dinitial)
        for (Index j = team.rank(); j < hidden; j += team.size()) {
          Real& to = dinitial.view(b, j);
          to = (dinitial.adds() ? to : Real(0)) + states[i * hidden + j];
        }
      cell.finish(team, i, b, own);
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
