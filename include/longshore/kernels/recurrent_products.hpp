// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <longshore/core/value.hpp>
#include <longshore/linalg/column_sums.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Parameters of one layer in one direction; `gates` is 4 for an LSTM, 3 for a GRU.
template <class Real, class Space>
struct RecurrentWeights {
  View<const Real, 2, Space> input;        // (gates H, D)
  View<const Real, 2, Space> hidden;       // (gates H, H)
  View<const Real, 1, Space> bias_input;   // (gates H), or empty
  View<const Real, 1, Space> bias_hidden;  // (gates H), or empty
};

/// Where their gradients go; each may be empty.
template <class Real, class Space>
struct RecurrentWeightTargets {
  Target<Real, 2, Space> input, hidden;
  Target<Real, 1, Space> bias_input, bias_hidden;
};

/// Hands out pieces of a workspace that begin on cache lines.
template <class Real>
struct Workspace {
  Real* next;

  static std::size_t rounded(std::size_t count) { return (count + 15) / 16 * 16; }
  template <class Rows, class Columns>
  static std::size_t size(Rows rows, Columns columns) {
    return rounded(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  }
  template <class Rows, class Columns>
  Real* take(Rows rows, Columns columns) {
    Real* const piece = next;
    next += size(rows, columns);
    return piece;
  }
};

/// Transposes weights into a piece of a workspace.
template <class Real, class Space, class Executor>
const Real* transposed(const Executor& executor, View<const Real, 2, Space> weights, Workspace<Real>& pieces) {
  Real* const to = pieces.take(weights.extent(0), weights.extent(1));
  transpose<Real, Space>(executor, weights.extent(0), weights.extent(1),
                         Strided<const Real>{weights.data(), weights.extent(1)}, to);
  return to;
}

/// Gradients through the products with x: dx (+)= dgates W, dW (+)= dgatesᵀ x. Does not wait.
///
/// @param columns    gates H
/// @param dgates     (N, gates H)
/// @param workspace  gemm_tn_workspace(gates H, D, N) numbers
template <class Real, class Space, class Executor>
void recurrent_input_gradients(const Executor& executor, Index columns, Strided<const Real> dgates,
                               View<const Real, 2, Space> x, View<const Real, 2, Space> weights,
                               Target<Real, 2, Space> dx, Target<Real, 2, Space> dweights, Real* workspace) {
  const Index steps = x.extent(0), features = x.extent(1);
  const Strided<const Real> rows{x.data(), features};
  if (dx)
    gemm_nn<Real, Space>(executor, steps, features, columns, dgates, Strided<const Real>{weights.data(), features},
                         Strided<Real>{dx.view.data(), features}, dx.update);
  if (dweights)
    gemm_tn<Real, Space>(executor, columns, features, steps, dgates, rows, dweights.view.data(), dweights.update,
                         workspace);
}

/// Numbers of scratch for a walk forward and the transposed weights.
template <class Walk>
std::size_t recurrent_forward_workspace(Index sequences, Index features, Index hidden) {
  using Pieces = Workspace<float>;
  const Index columns = Walk::gates * hidden;
  return Pieces::size(columns, features) + Pieces::size(columns, hidden) +
         Walk::groups_of(sequences) * Walk::per_group(features, hidden);
}

/// Numbers of scratch for a walk back, the states before each step, and the sums over steps.
///
/// @param gates  columns of gradients over H
template <class Walk>
std::size_t recurrent_backward_workspace(Index steps, Index sequences, Index features, Index hidden, Index gates) {
  using Pieces = Workspace<float>;
  const Index columns = gates * hidden;
  const std::size_t products = std::max({gemm_tn_workspace(columns, features, steps),
                                         gemm_tn_workspace(columns, hidden, steps), column_sums_workspace(steps, columns)});
  return Pieces::size(steps, hidden) + Pieces::size(1, columns) +
         Walk::groups_of(sequences) * Walk::per_group(hidden) + products;
}

}  // namespace longshore::inline LONGSHORE_ABI
