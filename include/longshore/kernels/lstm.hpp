// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/lstm_cells.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What an LSTM carries: h and c of every sequence, (B, H) each, or empty.
template <class T, class Space>
struct LstmStates {
  View<T, 2, Space> hidden, cell;

  LstmStates() = default;
  LstmStates(const View<T, 2, Space>& its_hidden, const View<T, 2, Space>& its_cell)
      : hidden(its_hidden), cell(its_cell) {}
};

/// What backward needs of the steps: gates after their activation (N, 4H) in the order input, forget, candidate,
/// output, and c (N, H). Empty where nobody will call backward.
template <class T, class Space>
struct LstmMemory {
  View<T, 2, Space> gates, cells;
};

/// Numbers of scratch that `lstm_forward` needs.
template <class Real, class Space>
std::size_t lstm_forward_workspace(Index sequences, Index features, Index hidden) {
  using Walk = RecurrentForward<Real, Space, LstmForwardCell<Real, Space>>;
  return Workspace<Real>::size(4 * hidden, features) + Workspace<Real>::size(4 * hidden, hidden) +
         Walk::workspace_size(sequences, features, hidden);
}

/// Runs an LSTM over every sequence. Does not wait.
///
///   i = sigmoid(W_ii x + b_ii + W_hi h' + b_hi)    f = sigmoid(W_if x + b_if + W_hf h' + b_hf)
///   g = tanh(W_ig x + b_ig + W_hg h' + b_hg)       o = sigmoid(W_io x + b_io + W_ho h' + b_ho)
///   c = f c' + i g                                 h = o tanh(c)          (h', c': the step before)
///
/// Cost: O(N H (D + H)), the steps of a sequence one after the other; scratch O(H (D + H) + B (D + H)), and `memory`, 5
/// H numbers a step.
/// Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. Gates lie in PyTorch's order i,
/// f, g, o.
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
  const Real* from_input = pack<Real, Space>(executor, weights.input, pieces);
  const Real* from_hidden = pack<Real, Space>(executor, weights.hidden, pieces);
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
  return RecurrentBackward<Real, Space, LstmBackwardCell<Real, Space>>::workspace_size(steps, sequences, features,
                                                                                       hidden, 4 * hidden);
}

/// Gradients of `lstm_forward`. Does not wait.
///
/// Cost: O(N H (D + H)), the steps of a sequence one after the other; scratch O(H (D + H)) for each team: one for every
/// 1,024 steps, 64 at most (every 32 and 528 on a device).
///
/// @param dy         (N, H) rows at any stride; or null, where only the last states have a gradient
/// @param dlast      gradients by the last h and c, or empty
/// @param x, groups, weights, initial, y   as in forward, y as it left it
/// @param memory     as forward left it
/// @param dx         (N, D), or empty
/// @param dweights   targets of the parameters, or empty
/// @param dinitial_hidden, dinitial_cell   (B, H), or empty
/// @param workspace  lstm_backward_workspace<Real, Space>(N, B, D, H) numbers
template <class Real, class Space, class Executor>
void lstm_backward(const Executor& executor, Strided<const Real> dy, const LstmStates<const Real, Space>& dlast,
                   View<const Real, 2, Space> x, const SequenceGroups<Space>& groups,
                   const RecurrentWeights<Real, Space>& weights, const LstmStates<const Real, Space>& initial,
                   Strided<const Real> y, const LstmMemory<const Real, Space>& memory, Target<Real, 2, Space> dx,
                   const RecurrentWeightTargets<Real, Space>& dweights, Target<Real, 2, Space> dinitial_hidden,
                   Target<Real, 2, Space> dinitial_cell, View<Real, 1, Space> workspace) {
  using Cell = LstmBackwardCell<Real, Space>;
  const Index hidden = weights.hidden.extent(1);
  const RecurrentPass<Real, Space> pass{groups,       x,  weights,         y,       dy, initial.hidden,
                                        dlast.hidden, dx, dinitial_hidden, dweights};
  const auto sums = RecurrentBackward<Real, Space, Cell>::run(
      executor, pass,
      Cell{hidden, weights.hidden.data(), memory.gates.data(), memory.cells.data(), initial.cell.data(),
           dlast.cell.data(), dinitial_cell},
      workspace);
  sums.add_to(executor, 0, 4 * hidden, dweights.bias_input, 0);
  sums.add_to(executor, 0, 4 * hidden, dweights.bias_hidden, 0);
}

}  // namespace longshore::inline LONGSHORE_ABI
