// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/layer_norm_rows.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that one team takes, and whose shares in the gradients of weights and bias are summed first.
inline constexpr Index layer_norm_chunk = 64;

/// The body of `layer_norm_forward`, which says what it computes.
template <class Real>
struct LayerNormForward {
  static inline const std::string label = "longshore::layer_norm_forward";
  static constexpr int team_size = 64;
  Index rows, features;
  Real eps;
  const Real* x;
  const Real* weights;
  const Real* bias;
  Real* y;
  Real* statistics;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * layer_norm_chunk;
    const Index count = rows - first < layer_norm_chunk ? rows - first : layer_norm_chunk;
    const std::int64_t begin = std::int64_t{first} * features;
    layer_norm_rows(team, count, features, eps, x + begin, weights, bias, y + begin,
                    statistics + std::int64_t{first} * 2);
  }
};

/// The body of `layer_norm_backward`, which says what it computes.
template <class Real>
struct LayerNormBackward {
  static inline const std::string label = "longshore::layer_norm_backward";
  static constexpr int team_size = 64;
  Index rows, features;
  const Real* dy;
  const Real* x;
  const Real* weights;
  const Real* statistics;
  Real* dx;
  Update update;
  Real* dweights;  // (chunks, D) or null
  Real* dbias;     // (chunks, D)
  Real* scratch;   // (chunks, 2, D)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * layer_norm_chunk;
    const Index count = rows - first < layer_norm_chunk ? rows - first : layer_norm_chunk;
    const std::int64_t begin = std::int64_t{first} * features, own = std::int64_t{team.league()} * features;
    layer_norm_backward_rows(team, count, features, dy + begin, x + begin, weights,
                             statistics + std::int64_t{first} * 2, dx ? dx + begin : dx, update,
                             dweights ? dweights + own : dweights, dweights ? dbias + own : dbias, scratch + 2 * own);
  }
};

/// y = (x - mean) / sqrt(variance + eps) w + b, row by row. Does not wait.
///
/// Source: Ba et al. 2016.
/// Cost: O(B D), no scratch.
///
/// @param x           (B, D)
/// @param weights     (D) or empty for ones
/// @param bias        (D) or empty for zeros
/// @param y           (B, D) overwritten; may be x
/// @param statistics  (B, 2) overwritten, for the backward pass: mean less the row's first element, and
///                    1 / sqrt(variance + eps)
template <class Real, class Space, class Executor>
void layer_norm_forward(const Executor& executor, View<const Real, 2, Space> x, View<const Real, 1, Space> weights,
                        View<const Real, 1, Space> bias, Real eps, View<Real, 2, Space> y,
                        View<Real, 2, Space> statistics) {
  const Index rows = x.extent(0);
  for_each_team<Space>(executor, chunk_count(rows, layer_norm_chunk),
                       LayerNormForward<Real>{rows, x.extent(1), eps, x.data(), weights.data(), bias.data(), y.data(),
                                              statistics.data()});
}

/// Numbers of scratch that `layer_norm_backward` needs.
inline std::size_t layer_norm_backward_workspace(Index rows, Index features) {
  return static_cast<std::size_t>(chunk_count(rows, layer_norm_chunk)) * 4 * static_cast<std::size_t>(features);
}

/// Gradients of `layer_norm_forward`; those of weights and bias are summed in fixed chunks. Does not wait.
///
/// Cost: O(B D); scratch 4 D numbers for every 64 rows.
///
/// @param dy          (B, D)
/// @param x           (B, D)
/// @param weights     (D) or empty for ones
/// @param statistics  (B, 2) what the forward pass left
/// @param dx          (B, D), or empty
/// @param dweights    (D), or empty
/// @param dbias       (D), or empty
/// @param workspace   layer_norm_backward_workspace(B, D) numbers
template <class Real, class Space, class Executor>
void layer_norm_backward(const Executor& executor, View<const Real, 2, Space> dy, View<const Real, 2, Space> x,
                         View<const Real, 1, Space> weights, View<const Real, 2, Space> statistics,
                         Target<Real, 2, Space> dx, Target<Real, 1, Space> dweights, Target<Real, 1, Space> dbias,
                         View<Real, 1, Space> workspace) {
  const Index rows = x.extent(0), features = x.extent(1);
  const Index chunks = chunk_count(rows, layer_norm_chunk);
  const bool sums = dweights || dbias;
  if (!dx && !sums) return;
  const std::int64_t size = std::int64_t{chunks} * features;
  Real* scratch = workspace.data();
  Real* weight_parts = sums ? scratch + 2 * size : nullptr;
  Real* bias_parts = sums ? scratch + 3 * size : nullptr;
  for_each_team<Space>(executor, chunks,
                       LayerNormBackward<Real>{rows, features, dy.data(), x.data(), weights.data(), statistics.data(),
                                               dx.view.data(), dx.update, weight_parts, bias_parts, scratch});
  if (dweights)
    for_each(executor, features,
             SumChunks<Real>{weight_parts, chunks, features, dweights.view.data(), dweights.update});
  if (dbias)
    for_each(executor, features, SumChunks<Real>{bias_parts, chunks, features, dbias.view.data(), dbias.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
