// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/team_dot.hpp>
#include <longshore/linalg/team_sum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Normalises one row, by the lanes of a team; each lane writes the elements that it owns.
///
/// Cost: O(D).
///
/// @tparam Features   the number of features, known to the compiler so that it keeps the row in registers; or 0
/// @param x           (D)
/// @param weights     (D) or null for ones
/// @param bias        (D) or null for zeros
/// @param y           (D) overwritten; may be x
/// @param statistics  (2) mean less the first element, and 1 / standard deviation
template <int Features, class Real, class Team>
KOKKOS_INLINE_FUNCTION void layer_norm_row(const Team& team, Index count, Real eps, const Real* x, const Real* weights,
                                           const Real* bias, Real* y, Real* statistics) {
  const Index features = Features > 0 ? Features : count;
  [[maybe_unused]] Real own[Features > 0 ? Features : 1];
  Real* normal = Features > 0 ? own : y;
  // Less the first element: equal numbers of any size give 0, and the mean of others keeps its digits. Then squares of
  // what is left after the mean, not the difference of two large sums.
  const Real first = features > 0 ? x[0] : Real(0);
  team.barrier();  // y may be x
  for (Index j = team.rank(); j < features; j += team.size()) normal[j] = x[j] - first;
  const Real mean = team_sum(team, normal, features) / static_cast<Real>(features);
  for (Index j = team.rank(); j < features; j += team.size()) normal[j] -= mean;
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
/// Cost: O(D).
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
  const Real first = features > 0 ? x[0] : Real(0);
  for (Index j = team.rank(); j < features; j += team.size()) normal[j] = ((x[j] - first) - mean) * scale;
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

/// The body of `layer_norm_rows`, which says what it computes. Cost: that of `layer_norm_rows`.
template <class Real>
struct LayerNormRows {
  Index rows, features;
  Real eps;
  const Real* x;
  const Real* weights;
  const Real* bias;
  Real* y;
  Real* statistics;
  template <int Features, class Team>
  KOKKOS_INLINE_FUNCTION void run(const Team& team) const {
    for (Index i = 0; i < rows; ++i) {
      const std::int64_t row = std::int64_t{i} * features;
      layer_norm_row<Features>(team, features, eps, x + row, weights, bias, y + row, statistics + std::int64_t{i} * 2);
    }
  }
};

/// `layer_norm_row` for contiguous rows (no barrier behind the last).
///
/// Cost: O(rows D), no scratch.
///
/// @param x           (rows, D)
/// @param y           (rows, D) overwritten; may be x
/// @param statistics  (rows, 2) overwritten, as `layer_norm_row` does
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void layer_norm_rows(const Team& team, Index rows, Index features, Real eps, const Real* x,
                                            const Real* weights, const Real* bias, Real* y, Real* statistics) {
  with_features(team, features, LayerNormRows<Real>{rows, features, eps, x, weights, bias, y, statistics});
}

/// The body of `layer_norm_backward_rows`, which says what it computes.
template <class Real>
struct LayerNormRowsBackward {
  Index rows, features;
  const Real* dy;
  const Real* x;
  const Real* weights;
  const Real* statistics;
  Real* dx;
  Update update;
  Real* dweights;
  Real* dbias;
  Real* workspace;
  template <int Features, class Team>
  KOKKOS_INLINE_FUNCTION void run(const Team& team) const {
    if (dweights)
      for (Index j = team.rank(); j < features; j += team.size()) dweights[j] = dbias[j] = 0;
    for (Index i = 0; i < rows; ++i) {
      const std::int64_t row = std::int64_t{i} * features;
      layer_norm_backward_row<Features>(team, features, dy + row, x + row, weights, statistics + std::int64_t{i} * 2,
                                        dx ? dx + row : dx, update, dweights, dbias, workspace);
    }
  }
};

/// `layer_norm_backward_row` for contiguous rows (no barrier inside); dweights and dbias are the sums over these rows.
///
/// Cost: O(rows D).
///
/// @param dy          (rows, D)
/// @param x           (rows, D)
/// @param dx          (rows, D) overwritten or added to, or null; may be dy
/// @param dweights    (D) overwritten, or null
/// @param dbias       (D) overwritten; null if dweights is
/// @param workspace   (2, D) of this team
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void layer_norm_backward_rows(const Team& team, Index rows, Index features, const Real* dy,
                                                     const Real* x, const Real* weights, const Real* statistics,
                                                     Real* dx, Update update, Real* dweights, Real* dbias,
                                                     Real* workspace) {
  with_features(
      team, features,
      LayerNormRowsBackward<Real>{rows, features, dy, x, weights, statistics, dx, update, dweights, dbias, workspace});
}

}  // namespace longshore::inline LONGSHORE_ABI
