// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/use.hpp>
#include <longshore/kernels/lstm_cells.hpp>
#include <longshore/kernels/recurrent_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What an LSTM carries: h and c of every sequence, (B, H) each, or empty.
template <class T, class Space>
struct LstmStates {
  View<T, 2, Space> hidden, cell;

  LstmStates() = default;
  LstmStates(const View<T, 2, Space>& its_hidden, const View<T, 2, Space>& its_cell) : hidden(its_hidden), cell(its_cell) {}
};

/// What backward needs of the steps: gates after their activation (N, 4H) in the order input, forget, candidate, output, and c
/// (N, H). Empty where nobody will call backward.
template <class T, class Space>
struct LstmMemory {
  View<T, 2, Space> gates, cells;
};

/// Numbers of scratch that `lstm_forward` needs.
template <class Real, class Space>
std::size_t lstm_forward_workspace(Index sequences, Index features, Index hidden) {
  using Walk = RecurrentForward<Real, Space, LstmForwardCell<Real, Space>>;
  return recurrent_forward_workspace<Walk>(sequences, features, hidden);
}

/// Runs an LSTM over every sequence. Does not wait.
///
///   i = sigmoid(W_ii x + b_ii + W_hi h' + b_hi)    f = sigmoid(W_if x + b_if + W_hf h' + b_hf)
///   g = tanh(W_ig x + b_ig + W_hg h' + b_hg)       o = sigmoid(W_io x + b_io + W_ho h' + b_ho)
///   c = f c' + i g                                 h = o tanh(c)          (h', c': the step before)
///
/// Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. Gates lie in PyTorch's order i, f, g, o.
///
/// @param x          (N, D)
/// @param groups     the sequences, and the direction of the walk
/// @param weights    of one layer in one direction
/// @param initial    h and c before the first step; empty: zeros
/// @param y          (N, H) overwritten by h; rows at any stride
/// @param last       overwritten by h and c after the last step, or empty
/// @param memory     overwritten with what backward needs, or empty
/// @param workspace  lstm_forward_workspace<Real, Space>(B, D, H) numbers
template <class Real, class Space, class Executor>
void lstm_forward(const Executor& executor, View<const Real, 2, Space> x, const SequenceGroups<Space>& groups,
                  const RecurrentWeights<Real, Space>& weights, const LstmStates<const Real, Space>& initial,
                  Strided<Real> y, const LstmStates<Real, Space>& last, const LstmMemory<Real, Space>& memory,
                  View<Real, 1, Space> workspace) {
  using Cell = LstmForwardCell<Real, Space>;
  const Index features = weights.input.extent(1), hidden = weights.hidden.extent(1);
  Workspace<Real> pieces{workspace.data()};
  const Real* from_input = transposed<Real, Space>(executor, weights.input, pieces);    // (D, 4H)
  const Real* from_hidden = transposed<Real, Space>(executor, weights.hidden, pieces);  // (H, 4H)
  for_each_team<Space>(
      executor, groups.count(),
      RecurrentForward<Real, Space, Cell>{groups, features, hidden, x.data(), from_input, weights.bias_input.data(),
                                          initial.hidden.data(), y, last.hidden.data(), pieces.next,
                                          Cell{hidden, from_hidden, weights.bias_hidden.data(), initial.cell.data(),
                                               last.cell.data(), memory.gates.data(), memory.cells.data()}});
}

/// Numbers of scratch that `lstm_backward` needs.
template <class Real, class Space>
std::size_t lstm_backward_workspace(Index steps, Index sequences, Index features, Index hidden) {
  using Walk = RecurrentBackward<Real, Space, LstmBackwardCell<Real, Space>>;
  return recurrent_backward_workspace<Walk>(steps, sequences, features, hidden, 4);
}

/// Gradients of `lstm_forward`. Does not wait.
///
/// @param dy         (N, H) rows at any stride; or null, where only the last states have a gradient
/// @param dlast      gradients by the last h and c, or empty
/// @param x, groups, weights, initial, y   as in forward, y as it left it
/// @param memory     as forward left it; gates are overwritten by the gradients before their activation
/// @param dx         (N, D), or empty
/// @param dweights   targets of the parameters, or empty
/// @param dinitial_hidden, dinitial_cell   (B, H), or empty
/// @param workspace  lstm_backward_workspace<Real, Space>(N, B, D, H) numbers
template <class Real, class Space, class Executor>
void lstm_backward(const Executor& executor, Strided<const Real> dy, const LstmStates<const Real, Space>& dlast,
                   View<const Real, 2, Space> x, const SequenceGroups<Space>& groups,
                   const RecurrentWeights<Real, Space>& weights, const LstmStates<const Real, Space>& initial,
                   Strided<Real> y, const LstmMemory<Real, Space>& memory, Target<Real, 2, Space> dx,
                   const RecurrentWeightTargets<Real, Space>& dweights, Target<Real, 2, Space> dinitial_hidden,
                   Target<Real, 2, Space> dinitial_cell, View<Real, 1, Space> workspace) {
  using Cell = LstmBackwardCell<Real, Space>;
  using Walk = RecurrentBackward<Real, Space, Cell>;
  const Index steps = x.extent(0), hidden = weights.hidden.extent(1), columns = 4 * hidden;
  Workspace<Real> pieces{workspace.data()};
  Real* const previous = pieces.take(steps, hidden);  // (N, H)
  Real* const sums = pieces.take(1, columns);         // (4H)
  for_each_team<Space>(executor, groups.count(),
                       Walk{groups, hidden, {y.data, y.row_stride}, dy, initial.hidden.data(), dlast.hidden.data(), dinitial_hidden,
                            previous, pieces.take(groups.count(), Walk::per_group(hidden)),
                            Cell{hidden, weights.hidden.data(), memory.gates.data(), memory.cells.data(),
                                 initial.cell.data(), dlast.cell.data(), dinitial_cell}});
  const Strided<const Real> dgates{memory.gates.data(), columns};  // (N, 4H)
  recurrent_input_gradients<Real, Space>(executor, columns, dgates, x, weights.input, dx, dweights.input, pieces.next);
  if (dweights.hidden)
    gemm_tn<Real, Space>(executor, columns, hidden, steps, dgates, Strided<const Real>{previous, hidden},
                         dweights.hidden.view.data(), dweights.hidden.update, pieces.next);
  if (!dweights.bias_input && !dweights.bias_hidden) return;
  column_sums<Real, Space>(executor, steps, columns, dgates, sums, Update::write, pieces.next);
  add_to<Real, 1, Space>(executor, View<const Real, 1, Space>(sums, columns), dweights.bias_input);
  add_to<Real, 1, Space>(executor, View<const Real, 1, Space>(sums, columns), dweights.bias_hidden);
}

}  // namespace longshore::inline LONGSHORE_ABI
