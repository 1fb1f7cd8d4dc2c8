// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/gru_cells.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers of scratch that `gru_forward` needs.
template <class Real, class Space>
std::size_t gru_forward_workspace(Index sequences, Index features, Index hidden) {
  using Walk = RecurrentForward<Real, Space, GruForwardCell<Real, Space>>;
  return Workspace<Real>::size(3 * hidden, features) + Workspace<Real>::size(3 * hidden, hidden) +
         Walk::workspace_size(sequences, features, hidden);
}

/// Runs a GRU over every sequence. Does not wait.
///
///   r = sigmoid(W_ir x + b_ir + W_hr h' + b_hr)    z = sigmoid(W_iz x + b_iz + W_hz h' + b_hz)
///   n = tanh(W_in x + b_in + r (W_hn h' + b_hn))   if reset_after
///   n = tanh(W_in x + b_in + W_hn (r h') + b_hn)   if reset_before
///   h = (1 - z) n + z h'                           (h': the step before)
///
/// Cost: O(N H (D + H)), the steps of a sequence one after the other; scratch O(H (D + H) + B (D + H)), and `memory`.
/// Source: Cho et al. 2014; reset_after as in cuDNN and PyTorch. Gates lie in PyTorch's order r, z, n.
///
/// @param x          (N, D)
/// @param groups     the sequences, and the direction of the walk
/// @param weights    of one layer in one direction
/// @param initial    (B, H) h before the first step; empty: zeros
/// @param y          (N, H) overwritten by h; rows at any stride
/// @param last       (B, H) overwritten by h after the last step, or empty
/// @param memory     (N, 4H) overwritten with what backward needs (r, z, n, and what n takes of h), or empty
/// @param workspace  gru_forward_workspace<Real, Space>(B, D, H) numbers
template <class Real, class Space, class Executor>
void gru_forward(const Executor& executor, GruVariant variant, View<const Real, 2, Space> x,
                 const SequenceGroups<Space>& groups, const RecurrentWeights<Real, Space>& weights,
                 View<const Real, 2, Space> initial, Strided<Real> y, View<Real, 2, Space> last,
                 View<Real, 2, Space> memory, View<Real, 1, Space> workspace) {
  using Cell = GruForwardCell<Real, Space>;
  const Index features = weights.input.extent(1), hidden = weights.hidden.extent(1);
  Workspace<Real> pieces{workspace.data()};
  const Real* from_input = pack<Real, Space>(executor, weights.input, pieces);
  const Real* from_hidden = pack<Real, Space>(executor, weights.hidden, pieces);
  for_each_team<Space>(
      executor, groups.count(),
      RecurrentForward<Real, Space, Cell>{
          groups, features, hidden, x.data(), from_input, weights.bias_input.data(), initial.data(), y, last.data(),
          pieces.next, Cell{variant, hidden, from_hidden, weights.bias_hidden.data(), memory.data()}});
}

/// Numbers of scratch that `gru_backward` needs.
template <class Real, class Space>
std::size_t gru_backward_workspace(Index steps, Index sequences, Index features, Index hidden) {
  return RecurrentBackward<Real, Space, GruBackwardCell<Real, Space>>::workspace_size(steps, sequences, features,
                                                                                      hidden, 3 * hidden);
}

/// Gradients of `gru_forward`. Does not wait.
///
/// Cost: O(N H (D + H)), the steps of a sequence one after the other; scratch O(H (D + H)) for each team: one for every
/// 1,024 steps, 64 at most (every 32 and 528 on a device).
///
/// @param dy         (N, H) rows at any stride; or null, where only the last state has a gradient
/// @param dlast      (B, H) gradient by the last h, or empty
/// @param variant, x, groups, weights, initial, y   as in forward, y as it left it
/// @param memory     as forward left it
/// @param dx         (N, D), or empty
/// @param dweights   targets of the parameters, or empty
/// @param dinitial   (B, H), or empty
/// @param workspace  gru_backward_workspace<Real, Space>(N, B, D, H) numbers
template <class Real, class Space, class Executor>
void gru_backward(const Executor& executor, GruVariant variant, Strided<const Real> dy,
                  View<const Real, 2, Space> dlast, View<const Real, 2, Space> x, const SequenceGroups<Space>& groups,
                  const RecurrentWeights<Real, Space>& weights, View<const Real, 2, Space> initial,
                  Strided<const Real> y, View<const Real, 2, Space> memory, Target<Real, 2, Space> dx,
                  const RecurrentWeightTargets<Real, Space>& dweights, Target<Real, 2, Space> dinitial,
                  View<Real, 1, Space> workspace) {
  using Cell = GruBackwardCell<Real, Space>;
  const Index hidden = weights.hidden.extent(1);
  const RecurrentPass<Real, Space> pass{groups, x, weights, y, dy, initial, dlast, dx, dinitial, dweights};
  const auto sums = RecurrentBackward<Real, Space, Cell>::run(
      executor, pass, Cell{variant, hidden, weights.hidden.data(), memory.data()}, workspace);
  sums.add_to(executor, 0, 3 * hidden, dweights.bias_hidden, 0);
  if (variant == GruVariant::reset_before) return sums.add_to(executor, 0, 3 * hidden, dweights.bias_input, 0);
  sums.add_to(executor, 0, 2 * hidden, dweights.bias_input, 0);
  sums.add_to(executor, 3 * hidden, hidden, dweights.bias_input, 2 * hidden);
}

}  // namespace longshore::inline LONGSHORE_ABI
