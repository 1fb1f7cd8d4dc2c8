// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/recurrent.hpp>
#include <longshore/kernels/recurrent_activations.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a GRU's reset gate acts: on the product with the state (PyTorch, cuDNN), or on the state before the product (Cho et
/// al. 2014, GRU4Rec). The two are different functions: weights of one do not suit the other.
enum class GruVariant { reset_after, reset_before };

template <class Real, class Space>
struct GruForwardCell {
  static constexpr const char* label = "longshore::gru_forward";
  static constexpr Index gates = 3, own = 4;  // own: products with h (3), r h
  static constexpr Index slots = SequenceGroups<Space>::slots;
  GruVariant variant;
  Index hidden;
  const Real* weights;  // (H, 3H)
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
    Real* const products = step.own;                     // (slots, 3H)
    Real* const resets = step.own + slots * columns;     // (slots, H)
    multiply<Real>(team, step.rows, after ? columns : candidate, hidden, Strided<const Real>{step.states, hidden},
                   Strided<const Real>{weights, columns}, Strided<Real>{products, columns}, Update::write, bias);
    team.barrier();
    for (Index i = 0; i < step.running; ++i) {
      open(team, products + i * columns, inputs + i * columns);
      open(team, products + i * columns + hidden, inputs + i * columns + hidden);
    }
    if (!after) {
      for (Index i = 0; i < step.running; ++i)
        for (Index j = team.rank(); j < hidden; j += team.size())
          resets[i * hidden + j] = inputs[i * columns + j] * step.states[i * hidden + j];
      team.barrier();
      multiply<Real>(team, step.rows, hidden, hidden, Strided<const Real>{resets, hidden},
                     Strided<const Real>{weights + candidate, columns}, Strided<Real>{products + candidate, columns},
                     Update::write, bias ? bias + candidate : bias);
      team.barrier();
    }
    for (Index i = 0; i < step.running; ++i) {
      Real* const gates_of_row = inputs + i * columns;
      const Real* const product = products + i * columns + candidate;
      if (after)
        propose_after(team, gates_of_row, product, gates_of_row + candidate);
      else
        propose_before(team, product, gates_of_row + candidate);
      mix(team, gates_of_row + hidden, gates_of_row + candidate, step.states + i * hidden);
      if (!kept) continue;
      Real* const row = kept + std::int64_t{step.row(i)} * 4 * hidden;
      for (Index block = 0; block < 3; ++block)
        copy_run(team, hidden, gates_of_row + block * hidden, row + block * hidden);
      copy_run(team, hidden, after ? product : resets + i * hidden, row + columns);
    }
    team.barrier();
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void open(const Team& team, const Real* KOKKOS_RESTRICT product,
                                   Real* KOKKOS_RESTRICT gate) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) gate[j] = gate_sigmoid(gate[j] + product[j]);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void propose_after(const Team& team, const Real* KOKKOS_RESTRICT reset,
                                            const Real* KOKKOS_RESTRICT product, Real* KOKKOS_RESTRICT candidate) const {
    for (Index j = team.rank(); j < hidden; j += team.size())
      candidate[j] = gate_tanh(candidate[j] + reset[j] * product[j]);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void propose_before(const Team& team, const Real* KOKKOS_RESTRICT product,
                                             Real* KOKKOS_RESTRICT candidate) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) candidate[j] = gate_tanh(candidate[j] + product[j]);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void mix(const Team& team, const Real* KOKKOS_RESTRICT update,
                                  const Real* KOKKOS_RESTRICT candidate, Real* KOKKOS_RESTRICT state) const {
    for (Index j = team.rank(); j < hidden; j += team.size())
      state[j] = (Real(1) - update[j]) * candidate[j] + update[j] * state[j];
  }
};

template <class Real, class Space>
struct GruBackwardCell {
  static constexpr const char* label = "longshore::gru_backward";
  static constexpr Index own = 4;  // own: gradients of what multiplies the weights (3), gradient by r h
  static constexpr Index slots = SequenceGroups<Space>::slots;
  GruVariant variant;
  Index hidden;
  const Real* weights;  // (3H, H)
  Real* kept;           // (N, 4H) overwritten

  template <class Team>
  KOKKOS_INLINE_FUNCTION void start(const Team&, Index, Index, Real*) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION void finish(const Team&, Index, Index, const Real*) const {}

  template <class Team>
  KOKKOS_INLINE_FUNCTION void step(const Team& team, const RecurrentStep<Real, Space>& step,
                                   const Real* previous) const {
    const bool after = variant == GruVariant::reset_after;
    const Index columns = 3 * hidden, candidate = 2 * hidden;
    Real* const products = step.own;                  // (slots, 3H)
    Real* const dresets = step.own + slots * columns;  // (slots, H)
    for (Index i = 0; i < step.running; ++i) {
      const std::int64_t row = step.row(i);
      if (after)
        differentiate_after(team, kept + row * 4 * hidden, previous + row * hidden, products + i * columns,
                            step.states + i * hidden);
      else
        differentiate_candidate(team, kept + row * 4 * hidden, previous + row * hidden, products + i * columns,
                                step.states + i * hidden);
    }
    team.barrier();
    if (!after) {
      multiply<Real>(team, step.rows, hidden, hidden, Strided<const Real>{products + candidate, columns},
                     Strided<const Real>{weights + candidate * std::int64_t{hidden}, hidden},
                     Strided<Real>{dresets, hidden}, Update::write);
      team.barrier();
      for (Index i = 0; i < step.running; ++i) {
        const std::int64_t row = step.row(i);
        differentiate_reset(team, kept + row * 4 * hidden, previous + row * hidden, dresets + i * hidden,
                            products + i * columns, step.states + i * hidden);
      }
      team.barrier();
    }
    multiply<Real>(team, step.rows, hidden, after ? columns : candidate, Strided<const Real>{products, columns},
                   Strided<const Real>{weights, hidden}, Strided<Real>{step.states, hidden}, Update::add);
    team.barrier();
  }

  // row: r, z, n and the product with h; replaced by the gradients before the activations, and by the product.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate_after(const Team& team, Real* KOKKOS_RESTRICT row,
                                                  const Real* KOKKOS_RESTRICT before, Real* KOKKOS_RESTRICT products,
                                                  Real* KOKKOS_RESTRICT dstate) const {
    const Index update = hidden, candidate = 2 * hidden, product = 3 * hidden;
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real r = row[j], z = row[update + j], n = row[candidate + j], dh = dstate[j];
      const Real dn = dh * (Real(1) - z) * (Real(1) - n * n);
      const Real dr = dn * row[product + j] * r * (Real(1) - r), dz = dh * (before[j] - n) * z * (Real(1) - z);
      dstate[j] = dh * z;
      products[j] = row[j] = dr;
      products[update + j] = row[update + j] = dz;
      products[candidate + j] = row[product + j] = dn * r;
      row[candidate + j] = dn;
    }
  }

  // row: r, z, n and r h; z and n are replaced by their gradients.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate_candidate(const Team& team, Real* KOKKOS_RESTRICT row,
                                                      const Real* KOKKOS_RESTRICT before,
                                                      Real* KOKKOS_RESTRICT products,
                                                      Real* KOKKOS_RESTRICT dstate) const {
    const Index update = hidden, candidate = 2 * hidden;
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real z = row[update + j], n = row[candidate + j], dh = dstate[j];
      dstate[j] = dh * z;
      products[update + j] = row[update + j] = dh * (before[j] - n) * z * (Real(1) - z);
      products[candidate + j] = row[candidate + j] = dh * (Real(1) - z) * (Real(1) - n * n);
    }
  }

  // row: r is replaced by its gradient.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void differentiate_reset(const Team& team, Real* KOKKOS_RESTRICT row,
                                                  const Real* KOKKOS_RESTRICT before,
                                                  const Real* KOKKOS_RESTRICT dreset, Real* KOKKOS_RESTRICT products,
                                                  Real* KOKKOS_RESTRICT dstate) const {
    for (Index j = team.rank(); j < hidden; j += team.size()) {
      const Real r = row[j];
      dstate[j] += dreset[j] * r;
      products[j] = row[j] = dreset[j] * before[j] * r * (Real(1) - r);
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
