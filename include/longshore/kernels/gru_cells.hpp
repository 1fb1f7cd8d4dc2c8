// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/recurrent_activations.hpp>
#include <longshore/kernels/recurrent_backward.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a GRU's reset gate acts: on the product with the state (PyTorch, cuDNN), or on the state before the product
/// (Cho et al. 2014; GRU4Rec, whose update gate z is 1 - z here). The two are different functions: weights of one do
/// not suit the other.
enum class GruVariant { reset_after, reset_before };

/// A GRU's step in a `RecurrentForward` walk.
///
/// Cost: of a step with r running sequences O(r H²), of its own 4 H numbers a slot.
template <class Real, class Space>
struct GruForwardCell {
  static constexpr const char* label = "longshore::gru_forward";
  static constexpr Index gates = 3, own = 4;  // own: products with h (3), r h
  static constexpr Index slots = SequenceGroups<Space>::slots;
  GruVariant variant;
  Index hidden;
  const Real* weights;  // (3H, H) packed
  const Real* bias;     // (3H), or null
  Real* kept;           // (N, 4H), or null

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team&, Index, Index, Real*) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team&, Index, Index, const Real*) const {}

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step, Real* inputs) const {
    const bool after = variant == GruVariant::reset_after;
    const Index columns = 3 * hidden, candidate = 2 * hidden;
    const PackedWeights<Real> packed{weights, columns, hidden};
    Real* const products = step.own;                  // (slots, 3H)
    Real* const resets = step.own + slots * columns;  // (slots, H)
    multiply_packed<Real>(team, step.running, 0, after ? columns : candidate, Strided<const Real>{step.states, hidden},
                          packed, Strided<Real>{products, columns}, Update::write, bias, step.t);
    team.barrier();
    for (Index i = 0; i < step.running; ++i) open(team, products + i * columns, inputs + i * columns);
    team.barrier();
    if (!after) {
      for (Index i = 0; i < step.running; ++i)
        multiply_runs(team, inputs + i * columns, step.states + i * hidden, resets + i * hidden);
      team.barrier();
      multiply_packed<Real>(team, step.running, candidate, columns, Strided<const Real>{resets, hidden}, packed,
                            Strided<Real>{products, columns}, Update::write, bias);
      team.barrier();
    }
    for (Index i = 0; i < step.running; ++i) {
      Real* const row = inputs + i * columns;
      Real* const product = products + i * columns + candidate;
      if (after) {
        propose(team, row, product, row + candidate);
      } else {
        add_run(team, product, row + candidate);
        tanh_run(team, hidden, row + candidate);
      }
      mix(team, row + hidden, row + candidate, step.states + i * hidden);
    }
    if (!kept) return;
    team.barrier();
    for (Index i = 0; i < step.running; ++i) {
      Real* const to = kept + std::int64_t{step.row(i)} * 4 * hidden;
      copy_run(team, columns, inputs + i * columns, to);
      copy_run(team, hidden, after ? products + i * columns + candidate : resets + i * hidden, to + columns);
    }
  }

 private:
  template <class Team>
  KOKKOS_INLINE_FUNCTION void open(const Team& team, const Real* KOKKOS_RESTRICT product,
                                   Real* KOKKOS_RESTRICT gate) const {
    for (Index j = team.rank(); j < 2 * hidden; j += team.size()) gate[j] = gate_sigmoid(gate[j] + product[j]);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void multiply_runs(const Team& team, const Real* KOKKOS_RESTRICT a,
                                            const Real* KOKKOS_RESTRICT b, Real* KOKKOS_RESTRICT to) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) to[j] = a[j] * b[j];
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_run(const Team& team, const Real* KOKKOS_RESTRICT from,
                                      Real* KOKKOS_RESTRICT to) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) to[j] += from[j];
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void propose(const Team& team, const Real* KOKKOS_RESTRICT reset,
                                      const Real* KOKKOS_RESTRICT product, Real* KOKKOS_RESTRICT candidate) const {
    for (Index j = team.rank(); j < hidden; j += team.size())
      candidate[j] = gate_tanh(candidate[j] + reset[j] * product[j]);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void mix(const Team& team, const Real* KOKKOS_RESTRICT update,
                                  const Real* KOKKOS_RESTRICT candidate, Real* KOKKOS_RESTRICT state) const {
    for (Index j = team.rank(); j < hidden; j += team.size())
      state[j] = (Real(1) - update[j]) * candidate[j] + update[j] * state[j];
  }
};

/// A GRU's step in a `RecurrentBackward` walk. Of each step it says dr, dz, and then, if the gate resets after the
/// product, the gradients by W' h' + b' and by n before its tanh; if it resets before, the latter and r h'.
///
/// Cost: of a step with r running sequences O(r H²), of its own H numbers a slot.
template <class Real, class Space>
struct GruBackwardCell {
  static constexpr const char* label = "longshore::gru_backward";
  static constexpr Index width = 4, own = 1;  // own: gradient by r h'
  GruVariant variant;
  Index hidden;
  const Real* weights;  // (3H, H)
  const Real* kept;     // (N, 4H)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team&, Index, Index, Real*) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team&, Index, Index, const Real*) const {}

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step, Real* rows) const {
    const Index columns = 4 * hidden, candidate = 2 * hidden;
    const Strided<const Real> of_candidate{rows + candidate, columns},
        weights_of_candidate = Strided<const Real>{weights, hidden}.from(candidate, 0);
    for (Index i = 0; i < step.running; ++i) {
      const Real* const from = kept + std::int64_t{step.row(i)} * columns;
      Real* const to = rows + i * columns;
      if (variant == GruVariant::reset_after)
        differentiate(team, from, from + hidden, from + candidate, from + 3 * hidden, step.before + i * hidden,
                      step.states + i * hidden, to, to + hidden, to + candidate, to + 3 * hidden);
      else
        differentiate_candidate(team, from + hidden, from + candidate, from + 3 * hidden, step.before + i * hidden,
                                step.states + i * hidden, to + hidden, to + candidate, to + 3 * hidden);
    }
    team.barrier();
    if (variant == GruVariant::reset_before) {
      multiply<Real>(team, step.running, hidden, hidden, of_candidate, weights_of_candidate,
                     Strided<Real>{step.own, hidden}, Update::write);
      team.barrier();
      for (Index i = 0; i < step.running; ++i)
        differentiate_reset(team, kept + std::int64_t{step.row(i)} * columns, step.before + i * hidden,
                            step.own + i * hidden, step.states + i * hidden, rows + i * columns);
      team.barrier();
    }
    const Index inner = variant == GruVariant::reset_after ? 3 * hidden : candidate;
    multiply<Real>(team, step.running, hidden, inner, Strided<const Real>{rows, columns},
                   Strided<const Real>{weights, hidden}, Strided<Real>{step.states, hidden}, Update::add);
    team.barrier();
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void sum(const Team& team, Index count, const Real* rows, const Real* before, const Real* x,
                                  const RecurrentSums<Real>& sums) const {
    const Index candidate = 2 * hidden, fourth = 3 * hidden;
    const Strided<const Real> dgates{rows, 4 * hidden}, states{before, hidden};
    if (variant == GruVariant::reset_after) {
      sums.add_input(team, count, 0, candidate, dgates, x);
      team.barrier();
      sums.add_input(team, count, candidate, hidden, dgates.from(0, fourth), x);
      sums.add_hidden(team, count, 0, fourth, dgates, states);
    } else {
      sums.add_input(team, count, 0, fourth, dgates, x);
      sums.add_hidden(team, count, 0, candidate, dgates, states);
      sums.add_hidden(team, count, candidate, hidden, dgates.from(0, candidate), dgates.from(0, fourth));
    }
  }

 private:
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate(const Team& team, const Real* KOKKOS_RESTRICT reset,
                                            const Real* KOKKOS_RESTRICT update, const Real* KOKKOS_RESTRICT candidate,
                                            const Real* KOKKOS_RESTRICT product, const Real* KOKKOS_RESTRICT before,
                                            Real* KOKKOS_RESTRICT dstate, Real* KOKKOS_RESTRICT dreset,
                                            Real* KOKKOS_RESTRICT dupdate, Real* KOKKOS_RESTRICT dproduct,
                                            Real* KOKKOS_RESTRICT dcandidate) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real r = reset[j], z = update[j], n = candidate[j], dh = dstate[j];
      const Real dn = dh * (Real(1) - z) * (Real(1) - n * n);
      dstate[j] = dh * z;
      dreset[j] = dn * product[j] * r * (Real(1) - r);
      dupdate[j] = dh * (before[j] - n) * z * (Real(1) - z);
      dproduct[j] = dn * r;
      dcandidate[j] = dn;
    }
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate_candidate(const Team& team, const Real* KOKKOS_RESTRICT update,
                                                      const Real* KOKKOS_RESTRICT candidate,
                                                      const Real* KOKKOS_RESTRICT reset_state,
                                                      const Real* KOKKOS_RESTRICT before, Real* KOKKOS_RESTRICT dstate,
                                                      Real* KOKKOS_RESTRICT dupdate, Real* KOKKOS_RESTRICT dcandidate,
                                                      Real* KOKKOS_RESTRICT kept_state) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real z = update[j], n = candidate[j], dh = dstate[j];
      dstate[j] = dh * z;
      dupdate[j] = dh * (before[j] - n) * z * (Real(1) - z);
      dcandidate[j] = dh * (Real(1) - z) * (Real(1) - n * n);
      kept_state[j] = reset_state[j];
    }
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate_reset(const Team& team, const Real* KOKKOS_RESTRICT reset,
                                                  const Real* KOKKOS_RESTRICT before,
                                                  const Real* KOKKOS_RESTRICT dreset_state,
                                                  Real* KOKKOS_RESTRICT dstate, Real* KOKKOS_RESTRICT dreset) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real r = reset[j];
      dstate[j] += dreset_state[j] * r;
      dreset[j] = dreset_state[j] * before[j] * r * (Real(1) - r);
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
