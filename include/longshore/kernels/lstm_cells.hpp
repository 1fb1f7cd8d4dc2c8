// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/recurrent_activations.hpp>
#include <longshore/kernels/recurrent_backward.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// An LSTM's step in a `RecurrentForward` walk.
///
/// Cost: of a step with r running sequences O(r H²), of its own H numbers a slot.
template <class Real, class Space>
struct LstmForwardCell {
  static constexpr const char* label = "longshore::lstm_forward";
  static constexpr Index gates = 4, own = 1;  // own: c
  Index hidden;
  const Real* weights;  // (4H, H) packed
  const Real* bias;     // (4H), or null
  const Real* initial;  // (B, H), or null
  Real* last;           // (B, H), or null
  Real* kept_gates;     // (N, 4H), or null
  Real* kept_cells;     // (N, H), or null

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team& team, Index slot, Index b, Real* cells) const {
    copy_row(team, initial, b, hidden, cells + slot * hidden);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team& team, Index slot, Index b, const Real* cells) const {
    if (last) copy_run(team, hidden, cells + slot * hidden, last + std::int64_t{b} * hidden);
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step, Real* inputs) const {
    const Index columns = 4 * hidden;
    multiply_packed<Real>(team, step.running, 0, columns, Strided<const Real>{step.states, hidden},
                          {weights, columns, hidden}, Strided<Real>{inputs, columns}, Update::add, bias, step.t);
    team.barrier();
    for (Index i = 0; i < step.running; ++i) {
      Real* const row = inputs + i * columns;
      sigmoid_run(team, 2 * hidden, row);
      tanh_run(team, hidden, row + 2 * hidden);
      sigmoid_run(team, hidden, row + 3 * hidden);
    }
    team.barrier();
    for (Index i = 0; i < step.running; ++i) {
      const Real* const row = inputs + i * columns;
      Real* const cell = step.own + i * hidden;
      update(team, row, row + hidden, row + 2 * hidden, row + 3 * hidden, cell, step.states + i * hidden);
      if (!kept_gates) continue;
      copy_run(team, columns, row, kept_gates + std::int64_t{step.row(i)} * columns);
      copy_run(team, hidden, cell, kept_cells + std::int64_t{step.row(i)} * hidden);
    }
  }

 private:
  // A pointer for each block: then the loop vectorises.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void update(const Team& team, const Real* KOKKOS_RESTRICT input,
                                     const Real* KOKKOS_RESTRICT forget, const Real* KOKKOS_RESTRICT candidate,
                                     const Real* KOKKOS_RESTRICT output, Real* KOKKOS_RESTRICT cell,
                                     Real* KOKKOS_RESTRICT state) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real c = forget[j] * cell[j] + input[j] * candidate[j];
      cell[j] = c;
      state[j] = output[j] * gate_tanh(c);
    }
  }
};

/// An LSTM's step in a `RecurrentBackward` walk.
///
/// Cost: of a step with r running sequences O(r H²), of its own 2 H numbers a slot.
template <class Real, class Space>
struct LstmBackwardCell {
  static constexpr const char* label = "longshore::lstm_backward";
  static constexpr Index width = 4, own = 2;  // own: dc, zeros
  static constexpr Index slots = SequenceGroups<Space>::slots;
  Index hidden;
  const Real* weights;  // (4H, H)
  const Real* gates;    // (N, 4H)
  const Real* cells;    // (N, H)
  const Real* initial;  // (B, H), or null
  const Real* dlast;    // (B, H), or null
  Target<Real, 2, Space> dinitial;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team& team, Index slot, Index b, Real* dcells) const {
    copy_row(team, dlast, b, hidden, dcells + slot * hidden);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team& team, Index slot, Index b, const Real* dcells) const {
    add_row(team, dcells + slot * hidden, dinitial, b);
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step, Real* rows) const {
    const Index columns = 4 * hidden;
    for (Index i = 0; i < step.running; ++i) {
      const std::int64_t row = step.row(i);
      const Real* before = step.own + slots * hidden;
      if (step.t > 0)
        before = cells + std::int64_t{step.groups.row(step.group, i, step.t - 1)} * hidden;
      else if (initial)
        before = initial + std::int64_t{step.groups.sequence(step.group, i)} * hidden;
      const Real* const from = gates + row * columns;
      Real* const to = rows + i * columns;
      differentiate(team, from, from + hidden, from + 2 * hidden, from + 3 * hidden, cells + row * hidden, before,
                    step.states + i * hidden, step.own + i * hidden, to, to + hidden, to + 2 * hidden, to + 3 * hidden);
      if (step.t < 2) continue;  // rows that the next step reads
      fetch_run(columns, gates + std::int64_t{step.groups.row(step.group, i, step.t - 1)} * columns);
      fetch_run(hidden, cells + std::int64_t{step.groups.row(step.group, i, step.t - 2)} * hidden);
    }
    team.barrier();
    multiply<Real>(team, step.running, hidden, columns, Strided<const Real>{rows, columns},
                   Strided<const Real>{weights, hidden}, Strided<Real>{step.states, hidden}, Update::write);
    team.barrier();
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void sum(const Team& team, Index count, const Real* rows, const Real* before, const Real* x,
                                  const RecurrentSums<Real>& sums) const {
    const Strided<const Real> dgates{rows, 4 * hidden};
    sums.add_input(team, count, 0, 4 * hidden, dgates, x);
    sums.add_hidden(team, count, 0, 4 * hidden, dgates, {before, hidden});
  }

 private:
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate(const Team& team, const Real* KOKKOS_RESTRICT input,
                                            const Real* KOKKOS_RESTRICT forget, const Real* KOKKOS_RESTRICT candidate,
                                            const Real* KOKKOS_RESTRICT output, const Real* KOKKOS_RESTRICT cell,
                                            const Real* KOKKOS_RESTRICT before, const Real* KOKKOS_RESTRICT dstate,
                                            Real* KOKKOS_RESTRICT dcell, Real* KOKKOS_RESTRICT dinput,
                                            Real* KOKKOS_RESTRICT dforget, Real* KOKKOS_RESTRICT dcandidate,
                                            Real* KOKKOS_RESTRICT doutput) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real i = input[j], f = forget[j], g = candidate[j], o = output[j];
      const Real squashed = gate_tanh(cell[j]), dh = dstate[j];
      const Real dc = dcell[j] + dh * o * (Real(1) - squashed * squashed);
      dinput[j] = dc * g * i * (Real(1) - i);
      dforget[j] = dc * before[j] * f * (Real(1) - f);
      dcandidate[j] = dc * i * (Real(1) - g * g);
      doutput[j] = dh * squashed * o * (Real(1) - o);
      dcell[j] = dc * f;
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
