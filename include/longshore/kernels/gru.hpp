// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/use.hpp>
#include <longshore/kernels/gru_cells.hpp>
#include <longshore/kernels/recurrent_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers of scratch that `gru_forward` needs.
template <class Real, class Space>
std::size_t gru_forward_workspace(Index sequences, Index features, Index hidden) {
  using Walk = RecurrentForward<Real, Space, GruForwardCell<Real, Space>>;
  return recurrent_forward_workspace<Walk>(sequences, features, hidden);
}

/// Runs a GRU over every sequence. Does not wait.
///
///   r = sigmoid(W_ir x + b_ir + W_hr h' + b_hr)    z = sigmoid(W_iz x + b_iz + W_hz h' + b_hz)
///   n = tanh(W_in x + b_in + r (W_hn h' + b_hn))   if reset_after
///   n = tanh(W_in x + b_in + W_hn (r h') + b_hn)   if reset_before
///   h = (1 - z) n + z h'                           (h': the step before)
///
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
  const Real* from_input = transposed<Real, Space>(executor, weights.input, pieces);    // (D, 3H)
  const Real* from_hidden = transposed<Real, Space>(executor, weights.hidden, pieces);  // (H, 3H)
  for_each_team<Space>(
      executor, groups.count(),
      RecurrentForward<Real, Space, Cell>{groups, features, hidden, x.data(), from_input, weights.bias_input.data(),
                                          initial.data(), y, last.data(), pieces.next,
                                          Cell{variant, hidden, from_hidden, weights.bias_hidden.data(), memory.data()}});
}

/// Numbers of scratch that `gru_backward` needs.
template <class Real, class Space>
std::size_t gru_backward_workspace(Index steps, Index sequences, Index features, Index hidden) {
  using Walk = RecurrentBackward<Real, Space, GruBackwardCell<Real, Space>>;
  return recurrent_backward_workspace<Walk>(steps, sequences, features, hidden, 4);
}

/// Gradients of `gru_forward`. Does not wait.
///
/// @param dy         (N, H) rows at any stride; or null, where only the last state has a gradient
/// @param dlast      (B, H) gradient by the last h, or empty
/// @param variant, x, groups, weights, initial, y   as in forward, y as it left it
/// @param memory     as forward left it; overwritten
/// @param dx         (N, D), or empty
/// @param dweights   targets of the parameters, or empty
/// @param dinitial   (B, H), or empty
/// @param workspace  gru_backward_workspace<Real, Space>(N, B, D, H) numbers
template <class Real, class Space, class Executor>
void gru_backward(const Executor& executor, GruVariant variant, Strided<const Real> dy, View<const Real, 2, Space> dlast,
                  View<const Real, 2, Space> x, const SequenceGroups<Space>& groups,
                  const RecurrentWeights<Real, Space>& weights, View<const Real, 2, Space> initial, Strided<Real> y,
                  View<Real, 2, Space> memory, Target<Real, 2, Space> dx,
                  const RecurrentWeightTargets<Real, Space>& dweights, Target<Real, 2, Space> dinitial,
                  View<Real, 1, Space> workspace) {
  using Cell = GruBackwardCell<Real, Space>;
  using Walk = RecurrentBackward<Real, Space, Cell>;
  const bool after = variant == GruVariant::reset_after;
  const Index steps = x.extent(0), hidden = weights.hidden.extent(1);
  const Index stride = 4 * hidden, candidate = 2 * hidden, product = 3 * hidden;
  Workspace<Real> pieces{workspace.data()};
  Real* const previous = pieces.take(steps, hidden);  // (N, H)
  Real* const sums = pieces.take(1, stride);          // (4H)
  for_each_team<Space>(executor, groups.count(),
                       Walk{groups, hidden, {y.data, y.row_stride}, dy, initial.data(), dlast.data(), dinitial, previous,
                            pieces.take(groups.count(), Walk::per_group(hidden)),
                            Cell{variant, hidden, weights.hidden.data(), memory.data()}});
  const Strided<const Real> rows{memory.data(), stride};  // (N, 4H): gradients of r, z, n, and of the product or r h'
  recurrent_input_gradients<Real, Space>(executor, product, rows, x, weights.input, dx, dweights.input, pieces.next);
  if (dweights.hidden) {
    const Strided<const Real> before{previous, hidden};
    gemm_tn<Real, Space>(executor, candidate, hidden, steps, rows, before, dweights.hidden.view.data(),
                         dweights.hidden.update, pieces.next);
    gemm_tn<Real, Space>(executor, hidden, hidden, steps, rows.from(0, after ? product : candidate),
                         after ? before : rows.from(0, product), dweights.hidden.view.row(candidate),
                         dweights.hidden.update, pieces.next);
  }
  if (!dweights.bias_input && !dweights.bias_hidden) return;
  column_sums<Real, Space>(executor, steps, after ? stride : product, rows, sums, Update::write, pieces.next);
  const auto part = [&](Index first, Index count) { return View<const Real, 1, Space>(sums + first, count); };
  add_to<Real, 1, Space>(executor, part(0, product), dweights.bias_input);
  if (!dweights.bias_hidden) return;
  const auto target = [&](Index first, Index count) {
    return Target<Real, 1, Space>{{dweights.bias_hidden.view.data() + first, count}, dweights.bias_hidden.update};
  };
  add_to<Real, 1, Space>(executor, part(0, candidate), target(0, candidate));
  add_to<Real, 1, Space>(executor, part(after ? product : candidate, hidden), target(candidate, hidden));
}

}  // namespace longshore::inline LONGSHORE_ABI
