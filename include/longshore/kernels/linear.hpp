// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/view.hpp>
#include <longshore/linalg/column_sums.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The rows of a matrix as an operand of a product.
template <class T, class Space>
KOKKOS_INLINE_FUNCTION Strided<T> strided(const View<T, 2, Space>& view) {
  return {view.data(), view.extent(1)};
}

/// Numbers of scratch that `linear_forward` needs.
inline std::size_t linear_forward_workspace(Index in, Index out) { return gemm_nt_workspace(out, in); }

/// y (+)= x Wᵀ + b. Does not wait.
///
/// Source: elementary.
/// Cost: O(B in out); scratch in out numbers: the weights, transposed.
///
/// @param x          (B, in)
/// @param weights    (out, in)
/// @param bias       (out) or empty
/// @param y          (B, out) overwritten, or added to
/// @param workspace  linear_forward_workspace(in, out) numbers
template <class Real, class Space, class Executor>
void linear_forward(const Executor& executor, View<const Real, 2, Space> x, View<const Real, 2, Space> weights,
                    View<const Real, 1, Space> bias, View<Real, 2, Space> y, View<Real, 1, Space> workspace,
                    Update update = Update::write) {
  gemm_nt<Real, Space>(executor, x.extent(0), weights.extent(0), weights.extent(1), strided(x), strided(weights),
                       strided(y), update, bias.data(), workspace.data());
}

/// Numbers of scratch that `linear_backward` needs.
inline std::size_t linear_backward_workspace(Index rows, Index in, Index out) {
  const std::size_t product = gemm_tn_workspace(out, in, rows), sums = column_sums_workspace(rows, out);
  return product > sums ? product : sums;
}

/// Gradients of y = x Wᵀ + b: dx (+)= dy W, dW (+)= dyᵀ x, db (+)= the column sums of dy. Does not wait.
///
/// Cost: O(B in out) for dx and again for dweights; scratch the larger of in out numbers for every 1,024 rows (none up
/// to 1,024) and out numbers for every 256.
///
/// @param dy         (B, out)
/// @param x          (B, in)
/// @param weights    (out, in)
/// @param dx         (B, in), or empty
/// @param dweights   (out, in), or empty
/// @param dbias      (out), or empty
/// @param workspace  linear_backward_workspace(B, in, out) numbers
template <class Real, class Space, class Executor>
void linear_backward(const Executor& executor, View<const Real, 2, Space> dy, View<const Real, 2, Space> x,
                     View<const Real, 2, Space> weights, Target<Real, 2, Space> dx, Target<Real, 2, Space> dweights,
                     Target<Real, 1, Space> dbias, View<Real, 1, Space> workspace) {
  const Index rows = dy.extent(0), in = weights.extent(1), out = weights.extent(0);
  if (dx) gemm_nn<Real, Space>(executor, rows, in, out, strided(dy), strided(weights), strided(dx.view), dx.update);
  if (dweights)
    gemm_tn<Real, Space>(executor, out, in, rows, strided(dy), strided(x), dweights.view.data(), dweights.update,
                         workspace.data());
  if (dbias)
    column_sums<Real, Space>(executor, rows, out, strided(dy), dbias.view.data(), dbias.update, workspace.data());
}

}  // namespace longshore::inline LONGSHORE_ABI
