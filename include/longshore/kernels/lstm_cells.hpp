// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/recurrent.hpp>
#include <longshore/kernels/recurrent_activations.hpp>

namespace longshore::inline LONGSHORE_ABI {

template <class Real, class Space>
struct LstmForwardCell {
  static constexpr const char* label = "longshore::lstm_forward";
  static constexpr Index gates = 4, own = 1;  // own: c
  Index hidden;
  const Real* weights;  // (H, 4H)
  const Real* bias;     // (4H), or null
  const Real* initial;  // (B, H), or null
  Real* last;           // (B, H), or null
  Real* kept_gates;     // (N, 4H), or null
  Real* kept_cells;     // (N, H), or null

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team& team, Index slot, Index b, Real* cells) const {
    copy_run_or_zeros(team, hidden, row_or_null(initial, b, hidden), cells + slot * hidden);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team& team, Index slot, Index b, const Real* cells) const {
    if (last) copy_run(team, hidden, cells + slot * hidden, row_or_null(last, b, hidden));
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step, Real* inputs) const {
    const Index columns = 4 * hidden;
    multiply<Real>(team, step.rows, columns, hidden, Strided<const Real>{step.states, hidden},
                   Strided<const Real>{weights, columns}, Strided<Real>{inputs, columns}, Update::add, bias);
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

template <class Real, class Space>
struct LstmBackwardCell {
  static constexpr const char* label = "longshore::lstm_backward";
  static constexpr Index own = 6;  // dc, gradients before the activations (4), zeros
  static constexpr Index slots = SequenceGroups<Space>::slots;
  Index hidden;
  const Real* weights;     // (4H, H)
  Real* gates;             // (N, 4H) overwritten
  const Real* cells;       // (N, H)
  const Real* initial;     // (B, H), or null
  const Real* dlast;       // (B, H), or null
  Target<Real, 2, Space> dinitial;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team& team, Index slot, Index b, Real* dcells) const {
    copy_run_or_zeros(team, hidden, row_or_null(dlast, b, hidden), dcells + slot * hidden);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team& team, Index slot, Index b, const Real* dcells) const {
    if (!dinitial) return;
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      Real& to = dinitial.view(b, j);
      to = (dinitial.adds() ? to : Real(0)) + dcells[slot * hidden + j];
    }
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step, const Real*) const {
    const Index columns = 4 * hidden;
    Real* const products = step.own + slots * hidden;               // (slots, 4H)
    const Real* const zeros = step.own + 5 * slots * hidden;        // (H)
    for (Index i = 0; i < step.running; ++i) {
      const Index row = step.row(i);
      const Real* before = row_or_null(initial, step.groups.sequence(step.group, i), hidden);
      if (step.t > 0) before = cells + std::int64_t{step.groups.row(step.group, i, step.t - 1)} * hidden;
      differentiate(team, gates + std::int64_t{row} * columns, cells + std::int64_t{row} * hidden,
                    before ? before : zeros, step.states + i * hidden, step.own + i * hidden, products + i * columns);
    }
    team.barrier();
    multiply<Real>(team, step.rows, hidden, columns, Strided<const Real>{products, columns},
                   Strided<const Real>{weights, hidden}, Strided<Real>{step.states, hidden}, Update::write);
    team.barrier();
  }

  /// gates: activations, replaced by the gradients before them; those also go to `products`.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate(const Team& team, Real* KOKKOS_RESTRICT gates_of_row,
                                            const Real* KOKKOS_RESTRICT cell, const Real* KOKKOS_RESTRICT before,
                                            const Real* KOKKOS_RESTRICT dstate, Real* KOKKOS_RESTRICT dcell,
                                            Real* KOKKOS_RESTRICT products) const {
    const Index forget = hidden, candidate = 2 * hidden, output = 3 * hidden;
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real i = gates_of_row[j], f = gates_of_row[forget + j], g = gates_of_row[candidate + j],
                 o = gates_of_row[output + j];
      const Real squashed = gate_tanh(cell[j]), dh = dstate[j];
      const Real dc = dcell[j] + dh * o * (Real(1) - squashed * squashed);
      const Real di = dc * g * i * (Real(1) - i), df = dc * before[j] * f * (Real(1) - f),
                 dg = dc * i * (Real(1) - g * g), dout = dh * squashed * o * (Real(1) - o);
      dcell[j] = dc * f;
      products[j] = gates_of_row[j] = di;
      products[forget + j] = gates_of_row[forget + j] = df;
      products[candidate + j] = gates_of_row[candidate + j] = dg;
      products[output + j] = gates_of_row[output + j] = dout;
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
