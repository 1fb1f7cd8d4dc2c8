// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/recurrent_products.hpp>
#include <longshore/kernels/sequence_groups.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One step of a group, as its cell sees it.
template <class Real, class Space>
struct RecurrentStep {
  const SequenceGroups<Space>& groups;
  Index group, t;
  Index running;       // the first slots, which have a step t
  Real* states;        // (slots, H) h of each slot; in a walk back the gradient by it
  Real* own;           // (slots, Cell::own H) of the cell
  const Real* before;  // (running, H) in a walk back: h of the step before

  KOKKOS_INLINE_FUNCTION Index row(Index slot) const { return groups.row(group, slot, t); }
};

/// Walks groups of sequences through a recurrent cell. One team owns a group over all steps.
///
/// Each row is summed by itself in an order that depends on the sizes only: how sequences are grouped changes no bit.
///
/// Cost: O(N gates H D) and the cell's steps; memory (1 + gates + own) H + D numbers a slot.
///
/// @tparam Cell  gates (blocks of H columns that multiply x), own (blocks of H columns it remembers or works in),
///               label, start(team, slot, b, own), step(team, step, inputs), finish(team, slot, b, own)
template <class Real, class Space, class Cell>
struct RecurrentForward {
  static inline const std::string label = Cell::label;
  static constexpr int team_size = 128;
  static constexpr Index slots = SequenceGroups<Space>::slots;

  SequenceGroups<Space> groups;
  Index features, hidden;
  const Real* x;        // (N, D)
  const Real* weights;  // (gates H, D) packed
  const Real* bias;     // (gates H), or null
  const Real* initial;  // (B, H), or null
  Strided<Real> y;      // (N, H)
  Real* last;           // (B, H), or null
  Real* workspace;      // workspace_size(B, D, H)
  Cell cell;

  KOKKOS_INLINE_FUNCTION static std::size_t per_group(Index features, Index hidden) {
    return Workspace<Real>::size(slots, std::int64_t{1 + Cell::gates + Cell::own} * hidden + features);
  }
  /// Numbers of scratch for a batch of that many sequences.
  static std::size_t workspace_size(Index sequences, Index features, Index hidden) {
    return static_cast<std::size_t>(chunk_count(sequences, slots)) * per_group(features, hidden);
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index group = team.league(), size = groups.size(group), columns = Cell::gates * hidden;
    Real* const states = workspace + static_cast<std::size_t>(group) * per_group(features, hidden);  // (slots, H)
    Real* const inputs = states + slots * hidden;                                                    // (slots, gates H)
    Real* const own = inputs + slots * columns;                                                      // (slots, own H)
    Real* const rows_of_x = own + slots * Cell::own * hidden;                                        // (slots, D)
    for (Index i = 0; i < size; ++i) {
      const Index b = groups.sequence(group, i);
      copy_row(team, initial, b, hidden, states + i * hidden);
      cell.start(team, i, b, own);
    }
    team.barrier();
    Index running = size;
    for (Index t = 0; (running = groups.running(group, t, running)) > 0;) {
      // Products with x for several steps at once where few sequences are left, so that weights are read less often.
      const Index left = groups.length(group, running - 1) - t;
      const Index steps = slots / running < left ? slots / running : left;
      for (Index s = 0; s < steps; ++s)
        for (Index i = 0; i < running; ++i)
          copy_run(team, features, x + std::int64_t{groups.row(group, i, t + s)} * features,
                   rows_of_x + (s * running + i) * features);
      if (steps < left)
        for (Index i = 0; i < running; ++i)  // rows that the next products read
          fetch_run(features, x + std::int64_t{groups.row(group, i, t + steps)} * features);
      team.barrier();
      multiply_packed<Real>(team, steps * running, 0, columns, Strided<const Real>{rows_of_x, features},
                            {weights, columns, features}, Strided<Real>{inputs, columns}, Update::write, bias);
      team.barrier();
      for (Index s = 0; s < steps; ++s, ++t) {
        const RecurrentStep<Real, Space> step{groups, group, t, running, states, own, nullptr};
        cell.step(team, step, inputs + s * running * columns);
        for (Index i = 0; i < running; ++i) copy_run(team, hidden, states + i * hidden, &y(step.row(i), 0));
        team.barrier();
      }
    }
    for (Index i = 0; i < size; ++i) {
      const Index b = groups.sequence(group, i);
      if (last) copy_run(team, hidden, states + i * hidden, last + std::int64_t{b} * hidden);
      cell.finish(team, i, b, own);
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
