// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/activation.hpp>
#include <longshore/kernels/attention_groups.hpp>
#include <longshore/kernels/target_attention_shape.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that the layers of target attention take at a time, and rows and number of the groups of items.
template <class Space>
inline constexpr Index target_attention_tile = is_host_space<Space> ? 64 : 32;
/// Rows of a group.
template <class Space>
inline constexpr Index target_attention_group = is_host_space<Space> ? 512 : 64;
/// Most groups of one call.
template <class Space>
inline constexpr Index target_attention_groups_at_most = is_host_space<Space> ? 64 : 528;

/// The body of `target_attention_scores_forward`, which says what it computes.
template <class Real>
struct PackFirstAttentionLayer {
  static inline const std::string label = "longshore::pack_first_attention_layer";
  static constexpr int team_size = 64;
  static constexpr Index block = 16;  // features a team takes: reads run along rows, writes stay in the cache
  TargetAttentionShape shape;
  const Real* weights;  // (width, 4 D)
  Real* packed;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index features = shape.features, stride = shape.stride[0], first = team.league() * block;
    const Index last = features - first < block ? features : first + block;
    Real* of_q = packed;
    Real* of_k = of_q + shape.first_block();
    Real* of_product = of_k + shape.first_block();
    for (Index j = team.rank(); j < stride; j += team.size()) {
      const Real* row = weights + std::int64_t{j} * 4 * features;
      for (Index d = first; d < last; ++d) {
        const std::int64_t to = std::int64_t{d} * stride + j;
        const bool filled = j < shape.width[0];
        of_q[to] = filled ? row[d] + row[2 * features + d] : Real(0);
        of_k[to] = filled ? row[features + d] - row[2 * features + d] : Real(0);
        of_product[to] = filled ? row[3 * features + d] : Real(0);
      }
    }
  }
};

/// The body of `target_attention_scores_forward` and `target_attention_scores_workspace`, which says what it computes.
template <class Real, class Space>
struct TargetAttentionScores {
  static inline const std::string label = "longshore::target_attention_scores";
  static constexpr int team_size = 128;
  AttentionGroups<Space> groups;
  TargetAttentionShape shape;
  ActivationKind kind;
  Real scale;
  const Real* k;     // (N, D)
  const Real* q;     // (W, C, D)
  const Real* of_q;  // (W, C, stride): what q alone adds to the first layer, bias included
  const Real* packed;
  Real* hidden;  // of each layer (positions, stride), or null
  Real* tiles;   // of each group: folded weights (D, stride); without hidden, of each layer (tile, stride)
  Real* scores;  // (positions)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index features = shape.features, stride = shape.stride[0];
    Real* folded = tiles + team.league() * tile_size(shape, hidden != nullptr);
    AttentionItem item = groups.first(team.league());
    const AttentionItem stop = groups.first(team.league() + 1);
    std::int64_t position = item.before(stop) ? groups.start(item) : 0;
    Index step = 0;
    while (item.before(stop)) {
      Index filled = 0;
      Real* first = layer(folded, 0, position);
      while (filled < target_attention_tile<Space> && item.before(stop)) {
        const Index length = groups.length(item), left = target_attention_tile<Space> - filled;
        // Items stay whole where they fit into a tile.
        if (step == 0 && filled > 0 && length > left && length <= target_attention_tile<Space>) break;
        const Index count = length - step < left ? length - step : left;
        const std::int64_t pair = std::int64_t{item.window} * groups.candidates + item.candidate;
        if (step == 0 && length > 0) fold(team, q + pair * features, folded);
        if (count > 0)
          multiply<Real>(team, count, stride, features,
                         {k + std::int64_t{groups.windows.begin(item.window) + step} * features, features},
                         {folded, stride}, {first + std::int64_t{filled} * stride, stride}, Update::write,
                         of_q + pair * stride);
        team.barrier();
        filled += count;
        step += count;
        if (step == length) {
          step = 0;
          item = groups.next(item);
        }
      }
      score(team, folded, position, filled);
      position += filled;
    }
  }

  /// Numbers of scratch of one group.
  KOKKOS_INLINE_FUNCTION static std::int64_t tile_size(const TargetAttentionShape& shape, bool keeps) {
    return shape.first_block() + (keeps ? 0 : target_attention_tile<Space> * shape.columns());
  }
  /// Where layer l of a position lies: among what is kept for backward, or in the group's tile behind `folded`.
  KOKKOS_INLINE_FUNCTION Real* layer(Real* folded, int l, std::int64_t position) const {
    if (hidden) return hidden + groups.positions() * shape.columns_before(l) + position * shape.stride[l];
    return folded + shape.first_block() + target_attention_tile<Space> * shape.columns_before(l);
  }

  /// What multiplies k once q is known: Wb - Wc + diag(q) Wd.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void fold(const Team& team, const Real* target, Real* folded) const {
    const Index stride = shape.stride[0];
    for (Index d = 0; d < shape.features; ++d) {
      const Real* KOKKOS_RESTRICT of_k = packed + shape.first_block() + std::int64_t{d} * stride;
      const Real* KOKKOS_RESTRICT of_product = of_k + shape.first_block();
      Real* KOKKOS_RESTRICT to = folded + std::int64_t{d} * stride;
      const Real factor = target[d];
      for (Index j = team.rank(); j < stride; j += team.size()) to[j] = of_k[j] + factor * of_product[j];
    }
    team.barrier();
  }

  /// The layers behind the first product, for the rows of a tile.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void score(const Team& team, Real* folded, std::int64_t position, Index count) const {
    Real* below = layer(folded, 0, position);
    activate_run(team, kind, Real(0), count * shape.stride[0], below, below);
    team.barrier();
    for (int l = 1; l < shape.layers; ++l) {
      Real* here = layer(folded, l, position);
      multiply<Real>(team, count, shape.stride[l], shape.width[l - 1], {below, shape.stride[l - 1]},
                     {packed + shape.packed_weights(l), shape.stride[l]}, {here, shape.stride[l]}, Update::write,
                     packed + shape.packed_bias(l));
      team.barrier();
      activate_run(team, kind, Real(0), count * shape.stride[l], here, here);
      team.barrier();
      below = here;
    }
    const Real* output = packed + shape.packed_output();
    for (Index i = team.rank(); i < count; i += team.size())
      scores[position + i] =
          scale * (dot(below + std::int64_t{i} * shape.last(), output, shape.last()) + output[shape.last()]);
    team.barrier();
  }
};

/// The groups that the work of target attention is cut into.
template <class Space>
AttentionGroups<Space> target_attention_groups(const Windows<Space>& windows, Index candidates, bool whole_windows) {
  return {windows, candidates, whole_windows, target_attention_group<Space>, target_attention_groups_at_most<Space>};
}

/// Numbers that forward leaves for backward in its workspace: hidden values.
template <class Space>
std::size_t target_attention_hidden(const TargetAttentionShape& shape, const Windows<Space>& windows,
                                    Index candidates) {
  return static_cast<std::size_t>(shape.columns()) * static_cast<std::size_t>(windows.pair_count) *
         static_cast<std::size_t>(candidates);
}

/// Numbers of scratch that `target_attention_scores_forward` needs.
template <class Real, class Space>
std::size_t target_attention_scores_workspace(const TargetAttentionShape& shape, const Windows<Space>& windows,
                                              Index candidates, bool keeps) {
  const std::int64_t groups = target_attention_groups(windows, candidates, false).count;
  return static_cast<std::size_t>(groups * TargetAttentionScores<Real, Space>::tile_size(shape, keeps) +
                                  std::int64_t{windows.count()} * candidates * shape.stride[0]);
}

/// Scores of the steps of each window for each of its candidates. Does not wait.
///
///   s = scale (w . h_n + b),  h_1 = f([q, k, q - k, q * k] W_1 + b_1),  h_l = f(h_(l-1) W_l + b_l)
///
/// The first layer is never applied to the four vectors: with W_1 = [Wa; Wb; Wc; Wd] it is q (Wa + Wc) + k (Wb - Wc +
/// diag(q) Wd). The first term is one number a unit for all steps, and q is folded once into the matrix that multiplies
/// the steps.
///
/// Source: Zhou et al. 2018 (DIN), and the authors' code.
/// Cost: O(C pairs (D w_1 + w_1 w_2 + ...) + W C D w_1) with w_l the widths, a quarter of the first layer's plain
/// product; memory O(D w_1) a group (at most 64, 528 on a device), and all hidden values if backward follows.
///
/// @param kind       f
/// @param k          (N, D)
/// @param q          (W, C, D)
/// @param layers     parameters
/// @param scores     (C pairs) overwritten; of candidate c and window w from C pairs(w) + c length(w) on
/// @param packed     shape.packed_size() numbers, for backward too
/// @param hidden     target_attention_hidden(...) numbers if backward follows, else empty
/// @param workspace  target_attention_scores_workspace(...) numbers
template <class Real, class Space, class Executor>
void target_attention_scores_forward(const Executor& executor, const TargetAttentionShape& shape, ActivationKind kind,
                                     Real scale, View<const Real, 2, Space> k, const Windows<Space>& windows,
                                     View<const Real, 3, Space> q, const TargetAttentionLayers<Real, Space>& layers,
                                     View<Real, 1, Space> scores, View<Real, 1, Space> packed,
                                     View<Real, 1, Space> hidden, View<Real, 1, Space> workspace) {
  const Index candidates = q.extent(1), items = attention_items(windows, candidates), features = shape.features;
  Real* to = packed.data();
  const auto vector = [&](int l, std::int64_t at) {
    const auto bias = layers.bias[l];
    pad<Real, Space>(executor, 1, bias.extent(0), {bias.data(), bias.extent(0)}, l < shape.layers ? shape.stride[l] : 1,
                     to + at);
  };
  constexpr Index block = PackFirstAttentionLayer<Real>::block;
  for_each_team<Space>(executor, chunk_count(features, block),
                       PackFirstAttentionLayer<Real>{shape, layers.weights[0].data(), to});
  vector(0, shape.packed_bias(0));
  for (int l = 1; l < shape.layers; ++l) {
    pad<Real, Space>(executor, shape.width[l - 1], shape.width[l], {layers.weights[l].data(), 1, shape.width[l - 1]},
                     shape.stride[l], to + shape.packed_weights(l));
    vector(l, shape.packed_bias(l));
  }
  const Index last = shape.width[shape.layers - 1];
  pad<Real, Space>(executor, 1, last, {layers.weights[shape.layers].data(), last}, shape.last(),
                   to + shape.packed_output());
  vector(shape.layers, shape.packed_output() + shape.last());

  const auto groups = target_attention_groups(windows, candidates, false);
  Real* of_q = workspace.data();  // (W, C, stride)
  Real* tiles = of_q + std::int64_t{items} * shape.stride[0];
  gemm_nn<Real, Space>(executor, items, shape.stride[0], features, {q.data(), features}, {to, shape.stride[0]},
                       {of_q, shape.stride[0]}, Update::write, to + shape.packed_bias(0));
  for_each_team<Space>(executor, items > 0 ? groups.count : 0,
                       TargetAttentionScores<Real, Space>{groups, shape, kind, scale, k.data(), q.data(), of_q, to,
                                                          hidden.data(), tiles, scores.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
