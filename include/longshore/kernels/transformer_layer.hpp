// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/kernels/activation.hpp>
#include <longshore/kernels/drop_row.hpp>
#include <longshore/kernels/layer_norm_rows.hpp>
#include <longshore/kernels/self_attention.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A transformer layer: what it does, its weights, and what a forward pass leaves for the backward pass.
template <class Real, class Space>
struct TransformerArrays {
  AttentionArrays<Real, Space> attention;
  bool norm_first = false;
  ActivationKind activation = ActivationKind::relu;
  Index hidden = 0;  // F
  Index steps = 0;   // N
  Real eps = 0;
  DropRule<Real> drop;                  // of both branches (streams 0 and 2) and inside of feed forward (stream 1)
  const Real* norm1_weights = nullptr;  // (D), so are the next three
  const Real* norm1_bias = nullptr;
  const Real* norm2_weights = nullptr;
  const Real* norm2_bias = nullptr;
  const Real* linear1_weights = nullptr;  // (D, F)
  const Real* linear1_bias = nullptr;     // (F)
  const Real* linear2_weights = nullptr;  // (F, D)
  const Real* linear2_bias = nullptr;     // (D)
  Real* left = nullptr;                   // left_size() numbers: the arrays below

  KOKKOS_INLINE_FUNCTION std::int64_t size() const { return std::int64_t{steps} * attention.width(); }
  KOKKOS_INLINE_FUNCTION std::int64_t hidden_size() const { return std::int64_t{steps} * hidden; }
  /// Whether what the second product sees is not what the derivative looks at.
  KOKKOS_INLINE_FUNCTION bool separate() const { return drop.drops() || derivative_needs_input(activation); }

  /// (N, D) what attention sees, if `norm_first`.
  KOKKOS_INLINE_FUNCTION Real* normal() const { return left; }
  /// (N, D) the sum behind feed forward, unless `norm_first`.
  KOKKOS_INLINE_FUNCTION Real* sum2() const { return left; }
  /// (N, D) the sum behind attention.
  KOKKOS_INLINE_FUNCTION Real* sum1() const { return left + size(); }
  /// (N, D) what feed forward sees.
  KOKKOS_INLINE_FUNCTION Real* middle() const { return left + 2 * size(); }
  /// (N, 2) of the first and of the second norm.
  KOKKOS_INLINE_FUNCTION Real* statistics1() const { return left + 3 * size(); }
  KOKKOS_INLINE_FUNCTION Real* statistics2() const { return statistics1() + 2 * std::int64_t{steps}; }
  /// (N, F) what the derivative of the activation looks at.
  KOKKOS_INLINE_FUNCTION Real* kept() const { return statistics1() + 4 * std::int64_t{steps}; }
  /// (N, F) what the second linear layer multiplies.
  KOKKOS_INLINE_FUNCTION Real* active() const { return kept() + (separate() ? hidden_size() : 0); }
  std::size_t left_size() const {
    return static_cast<std::size_t>(3 * size() + 4 * std::int64_t{steps} + (separate() ? 2 : 1) * hidden_size());
  }
};

/// to (+)= from over contiguous numbers, by the lanes of a team.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void put_run(const Team& team, std::int64_t count, const Real* from, Real* to, bool adds) {
  if (adds)
    for (std::int64_t j = team.rank(); j < count; j += team.size()) to[j] += from[j];
  else
    for (std::int64_t j = team.rank(); j < count; j += team.size()) to[j] = from[j];
}

/// Drops elements of some rows, contiguous from row `first` on; see `drop_row`. Ends with a barrier.
///
/// Cost: O(rows features).
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void drop_rows(const Team& team, const DropRule<Real>& rule, std::int64_t first, Index rows,
                                      Index features, const Real* from, Real* to) {
  for (Index i = 0; i < rows; ++i) {
    const std::int64_t row = std::int64_t{i} * features;
    drop_row(team, rule, first + i, features, from + row, to + row);
  }
  team.barrier();
}

/// The layer for the sequences of one team.
///
/// Cost: O(rows D (D + F) + T² D of each sequence).
///
/// @param x  (N, D)
/// @param y  (N, D) overwritten
template <class Real, class Space, class Team, class Tile>
KOKKOS_INLINE_FUNCTION void transform_rows(const Team& team, const TransformerArrays<Real, Space>& a, const Real* x,
                                           Real* y, Tile& tile) {
  const Index features = a.attention.width(), rows = a.attention.rows(team.league()), hidden = a.hidden;
  const std::int64_t first = a.attention.first_row(team.league()), begin = first * features;
  const std::int64_t count = std::int64_t{rows} * features, inside = first * hidden;
  const bool drops = a.drop.drops();
  if (a.norm_first)
    layer_norm_rows(team, rows, features, a.eps, x + begin, a.norm1_weights, a.norm1_bias, a.normal() + begin,
                    a.statistics1() + 2 * first);
  if (!drops) put_run(team, count, x + begin, a.sum1() + begin, false);
  team.barrier();
  self_attend(team, a.attention, a.norm_first ? a.normal() : x, a.sum1(), drops ? Update::write : Update::add, tile);
  if (drops) {
    drop_rows(team, a.drop.stream(0), first, rows, features, a.sum1() + begin, a.sum1() + begin);
    put_run(team, count, x + begin, a.sum1() + begin, true);
    team.barrier();
  }
  layer_norm_rows(team, rows, features, a.eps, a.sum1() + begin, a.norm_first ? a.norm2_weights : a.norm1_weights,
                  a.norm_first ? a.norm2_bias : a.norm1_bias, a.middle() + begin,
                  (a.norm_first ? a.statistics2() : a.statistics1()) + 2 * first);
  team.barrier();
  multiply<Real>(team, rows, hidden, features, Strided<const Real>{a.middle() + begin, features},
                 Strided<const Real>{a.linear1_weights, hidden}, Strided<Real>{a.kept() + inside, hidden},
                 Update::write, a.linear1_bias);
  team.barrier();
  Real* active = derivative_needs_input(a.activation) ? a.active() : a.kept();
  activate_run(team, a.activation, Real(0.01), rows * hidden, a.kept() + inside, active + inside);
  team.barrier();
  if (drops) drop_rows(team, a.drop.stream(1), first, rows, hidden, active + inside, a.active() + inside);
  Real* result = a.norm_first ? y : a.sum2();
  const Real* residual = a.norm_first ? a.sum1() : a.middle();
  if (!drops) put_run(team, count, residual + begin, result + begin, false);
  team.barrier();
  multiply<Real>(team, rows, features, hidden, Strided<const Real>{a.active() + inside, hidden},
                 Strided<const Real>{a.linear2_weights, features}, Strided<Real>{result + begin, features},
                 drops ? Update::write : Update::add, a.linear2_bias);
  team.barrier();
  if (drops) {
    drop_rows(team, a.drop.stream(2), first, rows, features, result + begin, result + begin);
    put_run(team, count, residual + begin, result + begin, true);
    team.barrier();
  }
  if (!a.norm_first)
    layer_norm_rows(team, rows, features, a.eps, result + begin, a.norm2_weights, a.norm2_bias, y + begin,
                    a.statistics2() + 2 * first);
}

/// The body of `transformer_layer_forward`, which says what it computes.
template <class Real, class Space>
struct TransformerLayerForward {
  static inline const std::string label = "longshore::transformer_layer_forward";
  static constexpr int team_size = 64;
  TransformerArrays<Real, Space> arrays;
  const Real* x;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    OwnTile<Real, Team> own;
    transform_rows(team, arrays, x, y, own.of(team, arrays.attention.tiles));
  }
};

/// The weight matrices of a transformer layer as they are stored, (out, in); F are the hidden features in between.
template <class Real, class Space>
struct TransformerWeights {
  View<const Real, 2, Space> in_proj;   // (3 D, D)
  View<const Real, 2, Space> out_proj;  // (D, D)
  View<const Real, 2, Space> linear1;   // (F, D)
  View<const Real, 2, Space> linear2;   // (D, F)
};

/// Numbers of scratch that `transformer_layer_forward` needs.
template <class Real, class Space>
std::size_t transformer_layer_forward_workspace(const TransformerArrays<Real, Space>& arrays) {
  return self_attention_forward_workspace(arrays.attention) +
         2 * static_cast<std::size_t>(arrays.attention.width()) * static_cast<std::size_t>(arrays.hidden);
}

/// Self-attention and a feed-forward network, each behind a norm and added to what it saw; or before the norm. One team
/// takes some sequences through the whole layer, so that they stay in its cache. Does not wait.
///
/// Source: Vaswani et al. 2017, section 3.1; norm_first: Xiong et al. 2020.
/// Cost: O(N D (D + F) + D sum of T²); memory O(N (D + F)) left for backward, whatever T, and O(D (D + F)) of scratch.
///
/// @param x          (N, D)
/// @param weights    matrices of the layer
/// @param arrays     everything else the layer needs, and `left`, which is overwritten
/// @param y          (N, D) overwritten
/// @param workspace  transformer_layer_forward_workspace(arrays) numbers
template <class Real, class Space, class Executor>
void transformer_layer_forward(const Executor& executor, View<const Real, 2, Space> x,
                               const TransformerWeights<Real, Space>& weights, TransformerArrays<Real, Space> arrays,
                               View<Real, 2, Space> y, View<Real, 1, Space> workspace) {
  if (x.extent(0) == 0) return;
  const Index width = arrays.attention.width(), hidden = arrays.hidden;
  Real* first = workspace.data();
  Real* second = first + std::int64_t{width} * hidden;
  transpose<Real, Space>(executor, hidden, width, Strided<const Real>{weights.linear1.data(), width}, first);
  transpose<Real, Space>(executor, width, hidden, Strided<const Real>{weights.linear2.data(), hidden}, second);
  arrays.linear1_weights = first;
  arrays.linear2_weights = second;
  place_attention_weights<Real, Space>(executor, weights.in_proj, weights.out_proj,
                                       second + std::int64_t{width} * hidden, arrays.attention);
  for_each_team<Space>(executor, arrays.attention.teams(),
                       TransformerLayerForward<Real, Space>{arrays, x.data(), y.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
