// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/linalg/gemm.hpp>
#include <longshore/linalg/team_dot.hpp>
#include <longshore/linalg/team_sum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Normalises one row, by the lanes of a team; each lane writes the elements that it owns.
///
/// @tparam Features   the number of features, known to the compiler so that it keeps the row in registers; or 0
/// @param x           (D)
/// @param weights     (D) or null for ones
/// @param bias        (D) or null for zeros
/// @param y           (D) overwritten; may be x
/// @param statistics  (2) mean and 1 / standard deviation
template <int Features, class Real, class Team>
KOKKOS_INLINE_FUNCTION void layer_norm_row(const Team& team, Index count, Real eps, const Real* x, const Real* weights,
                                           const Real* bias, Real* y, Real* statistics) {
  const Index features = Features > 0 ? Features : count;
  [[maybe_unused]] Real own[Features > 0 ? Features : 1];
  Real* normal = Features > 0 ? own : y;
  const Real mean = team_sum(team, x, features) / static_cast<Real>(features);
  // Squares of what is left after the mean, not the difference of two large sums: stable for any offset.
  for (Index j = team.rank(); j < features; j += team.size()) normal[j] = x[j] - mean;
  const Real variance = team_dot(team, normal, normal, features) / static_cast<Real>(features);
  const Real scale = Real(1) / math::sqrt(variance + eps);
  if (weights && bias)
    for (Index j = team.rank(); j < features; j += team.size()) y[j] = normal[j] * scale * weights[j] + bias[j];
  else
    for (Index j = team.rank(); j < features; j += team.size())
      y[j] = normal[j] * scale * (weights ? weights[j] : Real(1)) + (bias ? bias[j] : Real(0));
  if (team.rank() == 0) {
    statistics[0] = mean;
    statistics[1] = scale;
  }
}

/// Gradient of `layer_norm_row` by its input, and its share in the gradients of weights and bias, by the lanes of a
/// team.
///
///   dx (+)= s (g - mean(g) - n mean(g n)),  g = dy w,  n = (x - mean) s
///
/// @param dy          (D)
/// @param x           (D)
/// @param weights     (D) or null for ones
/// @param statistics  (2) what the forward pass left
/// @param dx          (D) overwritten or added to, or null; may be dy
/// @param dweights    (D) dy n is added to it, or null
/// @param dbias       (D) dy is added to it; null if dweights is
/// @param workspace   (2, D) of this team
template <int Features, class Real, class Team>
KOKKOS_INLINE_FUNCTION void layer_norm_backward_row(const Team& team, Index count, const Real* dy, const Real* x,
                                                    const Real* weights, const Real* statistics, Real* dx,
                                                    Update update, Real* dweights, Real* dbias, Real* workspace) {
  const Real mean = statistics[0], scale = statistics[1];
  const Index features = Features > 0 ? Features : count;
  [[maybe_unused]] Real own[Features > 0 ? 2 * Features : 1];
  Real* normal = Features > 0 ? own : workspace;
  Real* g = normal + features;
  for (Index j = team.rank(); j < features; j += team.size()) normal[j] = (x[j] - mean) * scale;
  if (dweights)
    for (Index j = team.rank(); j < features; j += team.size()) {
      dweights[j] += dy[j] * normal[j];
      dbias[j] += dy[j];
    }
  if (!dx) return;
  if (weights)
    for (Index j = team.rank(); j < features; j += team.size()) g[j] = dy[j] * weights[j];
  else
    for (Index j = team.rank(); j < features; j += team.size()) g[j] = dy[j];
  const Real part = Real(1) / static_cast<Real>(features);
  const Real along_mean = team_sum(team, g, features) * part;
  const Real along_normal = team_dot(team, g, normal, features) * part;
  if (update == Update::add)
    for (Index j = team.rank(); j < features; j += team.size())
      dx[j] += scale * (g[j] - along_mean - normal[j] * along_normal);
  else
    for (Index j = team.rank(); j < features; j += team.size())
      dx[j] = scale * (g[j] - along_mean - normal[j] * along_normal);
}

/// Calls `function.template run<Features>(team)` with common numbers of features known to the compiler, or 0.
template <class Team, class Function>
KOKKOS_INLINE_FUNCTION void with_features(const Team& team, Index features, const Function& function) {
  if constexpr (Team::single) {
    switch (features) {
      case 16: return function.template run<16>(team);
      case 32: return function.template run<32>(team);
      case 48: return function.template run<48>(team);
      case 50: return function.template run<50>(team);
      case 64: return function.template run<64>(team);
      case 96: return function.template run<96>(team);
      case 128: return function.template run<128>(team);
      default: break;
    }
  }
  function.template run<0>(team);
}

/// Rows that one team takes, and whose shares in the gradients of weights and bias are summed first.
inline constexpr Index layer_norm_chunk = 64;

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
    with_features(team, features, *this);
  }
  template <int Features, class Team>
  KOKKOS_INLINE_FUNCTION void run(const Team& team) const {
    const Index first = team.league() * layer_norm_chunk;
    const Index last = first + layer_norm_chunk < rows ? first + layer_norm_chunk : rows;
    for (Index i = first; i < last; ++i) {
      const std::int64_t row = std::int64_t{i} * features;
      layer_norm_row<Features>(team, features, eps, x + row, weights, bias, y + row, statistics + std::int64_t{i} * 2);
    }
  }
};

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
    with_features(team, features, *this);
  }
  template <int Features, class Team>
  KOKKOS_INLINE_FUNCTION void run(const Team& team) const {
    const Index first = team.league() * layer_norm_chunk;
    const Index last = first + layer_norm_chunk < rows ? first + layer_norm_chunk : rows;
    const std::int64_t own = std::int64_t{team.league()} * features;
    if (dweights)
      for (Index j = team.rank(); j < features; j += team.size()) dweights[own + j] = dbias[own + j] = 0;
    for (Index i = first; i < last; ++i) {
      const std::int64_t row = std::int64_t{i} * features;
      layer_norm_backward_row<Features>(team, features, dy + row, x + row, weights, statistics + std::int64_t{i} * 2,
                                        dx ? dx + row : dx, update, dweights ? dweights + own : nullptr,
                                        dweights ? dbias + own : nullptr, scratch + 2 * own);
    }
  }
};

/// y = (x - mean) / sqrt(variance + eps) w + b, row by row. Does not wait.
///
/// @param x           (B, D)
/// @param weights     (D) or empty for ones
/// @param bias        (D) or empty for zeros
/// @param y           (B, D) overwritten; may be x
/// @param statistics  (B, 2) overwritten: mean and 1 / sqrt(variance + eps), for the backward pass
template <class Real, class Space, class Executor>
void layer_norm_forward(const Executor& executor, View<const Real, 2, Space> x, View<const Real, 1, Space> weights,
                        View<const Real, 1, Space> bias, Real eps, View<Real, 2, Space> y,
                        View<Real, 2, Space> statistics) {
  const Index rows = x.extent(0);
  for_each_team<Space>(executor, (rows + layer_norm_chunk - 1) / layer_norm_chunk,
                       LayerNormForward<Real>{rows, x.extent(1), eps, x.data(), weights.data(), bias.data(), y.data(),
                                              statistics.data()});
}

/// Numbers of scratch that `layer_norm_backward` needs.
inline std::size_t layer_norm_backward_workspace(Index rows, Index features) {
  return static_cast<std::size_t>((rows + layer_norm_chunk - 1) / layer_norm_chunk) * 4 *
         static_cast<std::size_t>(features);
}

/// Gradients of `layer_norm_forward`; those of weights and bias are summed in fixed chunks. Does not wait.
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
  const Index chunks = (rows + layer_norm_chunk - 1) / layer_norm_chunk;
  const bool sums = dweights || dbias;
  if (rows == 0 || (!dx && !sums)) return;
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
