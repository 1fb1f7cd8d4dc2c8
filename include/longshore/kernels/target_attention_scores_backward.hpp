// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/use.hpp>
#include <longshore/kernels/group_sums.hpp>
#include <longshore/kernels/target_attention_group_gradients.hpp>
#include <longshore/linalg/column_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `target_attention_scores_backward`, which says what it computes.
template <class Real>
struct PutFirstAttentionLayer {
  static inline const std::string label = "longshore::put_first_attention_layer";
  Index features;
  const Real* of_q;  // (width, D)
  const Real* of_k;
  const Real* of_product;
  Real* dweights;  // (width, 4 D)
  Update update;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t e) const {
    Real* to = dweights + e / features * 4 * features + e % features;
    const Real found[4] = {of_q[e], of_k[e], of_q[e] - of_k[e], of_product[e]};
    for (int part = 0; part < 4; ++part)
      to[std::int64_t{part} * features] =
          update == Update::add ? to[std::int64_t{part} * features] + found[part] : found[part];
  }
};

/// Where the backward kernels of target attention keep what they need, counted in numbers.
struct TargetAttentionBackwardPlan {
  std::int64_t upright, first_layer, first, q, parts, tiles, shared, total;

  /// The places for these sizes; `total` is how many numbers there are.
  template <class Real, class Space>
  static TargetAttentionBackwardPlan of(const TargetAttentionShape& shape, const AttentionGroups<Space>& groups) {
    const Index items = attention_items(groups.windows, groups.candidates), width = shape.width[0];
    const std::size_t product = gemm_tn_workspace(width, shape.features, items);
    const std::size_t sums = column_sums_workspace(items, width);
    TargetAttentionBackwardPlan plan;
    plan.upright = 0;
    plan.first_layer = plan.upright + shape.upright_size();          // (width, D)
    plan.first = plan.first_layer + shape.product_gradient();        // (W, C, stride)
    plan.q = plan.first + std::int64_t{items} * shape.stride[0];     // (W, C, D)
    plan.parts = plan.q + std::int64_t{items} * shape.features;      // (groups, gradients)
    plan.tiles = plan.parts + groups.count * shape.gradient_size();  // (groups, tile)
    plan.shared = plan.tiles + groups.count * TargetAttentionGroupGradients<Real, Space>::tile_size(shape);
    plan.total = plan.shared + static_cast<std::int64_t>(product > sums ? product : sums);
    return plan;
  }
};

/// Numbers of scratch that `target_attention_scores_backward` needs.
template <class Real, class Space>
std::size_t target_attention_scores_backward_workspace(const TargetAttentionShape& shape, const Windows<Space>& windows,
                                                       Index candidates) {
  const auto groups = target_attention_groups(windows, candidates, true);
  return static_cast<std::size_t>(TargetAttentionBackwardPlan::of<Real>(shape, groups).total);
}

/// Gradients of the scores by steps, candidates and parameters. Does not wait.
///
/// Source: Zhou et al. 2018 (DIN), and the authors' code.
/// Cost: O(C pairs (D w_1 + w_1 w_2 + ...) + W C D w_1) with w_l the widths; scratch O(W C (D + w_1)) and O(D w_1 + w_1
/// w_2 + ...) for each group (at most 64, 528 on a device).
///
/// @param dscores    (C pairs), laid out as the scores
/// @param layers     parameters
/// @param packed     what forward left
/// @param hidden     what forward left
/// @param dpairs     (pairs, D) overwritten: the gradient by the step of each pair; `window_sums_backward_steps` adds
///                   them up for rows that are in several windows
/// @param dq         (W, C, D), or empty
/// @param dlayers    targets of the parameters, empty ones are left out
/// @param workspace  target_attention_scores_backward_workspace(...) numbers
template <class Real, class Space, class Executor>
void target_attention_scores_backward(const Executor& executor, const TargetAttentionShape& shape, ActivationKind kind,
                                      Real scale, View<const Real, 1, Space> dscores, View<const Real, 2, Space> k,
                                      const Windows<Space>& windows, View<const Real, 3, Space> q,
                                      const TargetAttentionLayers<Real, Space>& layers,
                                      View<const Real, 1, Space> packed, View<const Real, 1, Space> hidden,
                                      View<Real, 2, Space> dpairs, Target<Real, 3, Space> dq,
                                      const TargetAttentionLayerGradients<Real, Space>& dlayers,
                                      View<Real, 1, Space> workspace) {
  const Index candidates = q.extent(1), items = attention_items(windows, candidates), features = shape.features;
  const Index width = shape.width[0], stride = shape.stride[0];
  const auto groups = target_attention_groups(windows, candidates, true);
  const auto plan = TargetAttentionBackwardPlan::of<Real>(shape, groups);
  Real* const memory = workspace.data();
  Real* const upright = memory + plan.upright;
  Real* const dfirst = memory + plan.first;
  Real* const parts = memory + plan.parts;
  const Real* const weights = layers.weights[0].data();
  for (int l = 1; l < shape.layers; ++l)
    pad<Real, Space>(executor, shape.width[l], shape.width[l - 1], {layers.weights[l].data(), shape.width[l - 1]},
                     shape.stride[l - 1], upright + shape.upright_weights(l));
  for_each_team<Space>(
      executor, groups.count,
      TargetAttentionGroupGradients<Real, Space>{groups, shape, kind, scale, dscores.data(), k.data(), q.data(),
                                                 weights, upright, packed.data() + shape.packed_output(), hidden.data(),
                                                 dpairs.data(), dfirst, memory + plan.q, parts, memory + plan.tiles});
  sum_groups<Real, Space>(executor, groups.count, shape.gradient_size(), parts);

  if (dq) {
    gemm_nn<Real, Space>(executor, items, features, width, {dfirst, stride}, {weights, 4 * features},
                         {dq.view.data(), features}, dq.update);
    gemm_nn<Real, Space>(executor, items, features, width, {dfirst, stride}, {weights + 2 * features, 4 * features},
                         {dq.view.data(), features}, Update::add);
    const View<const Real, 3, Space> of_products(memory + plan.q, dq.view.extent(0), candidates, features);
    add_to<Real, 3, Space>(executor, of_products, {dq.view, Update::add});
  }
  if (const auto& to = dlayers.weights[0]) {
    gemm_tn<Real, Space>(executor, width, features, items, {dfirst, stride}, {q.data(), features},
                         memory + plan.first_layer, Update::write, memory + plan.shared);
    for_each(executor, shape.product_gradient(),
             PutFirstAttentionLayer<Real>{features, memory + plan.first_layer, parts + shape.key_gradient(),
                                          parts + shape.product_gradient(), to.view.data(), to.update});
  }
  if (const auto& to = dlayers.bias[0])
    column_sums<Real, Space>(executor, items, width, {dfirst, stride}, to.view.data(), to.update, memory + plan.shared);
  const auto put = [&](const Real* from, std::int64_t from_stride, Index rows, Index columns, Real* to, Update update) {
    put_block<Real>(executor, rows, columns, {from, from_stride}, {to, columns}, update);
  };
  for (int l = 1; l <= shape.layers; ++l) {
    const Index rows = l < shape.layers ? shape.width[l] : 1;
    const std::int64_t bias = l < shape.layers ? shape.bias_gradient(l) : shape.output_gradient() + shape.last();
    if (const auto& to = dlayers.weights[l])
      put(parts + shape.weight_gradient(l), shape.stride[l - 1], rows, shape.width[l - 1], to.view.data(), to.update);
    if (const auto& to = dlayers.bias[l]) put(parts + bias, rows, 1, rows, to.view.data(), to.update);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
