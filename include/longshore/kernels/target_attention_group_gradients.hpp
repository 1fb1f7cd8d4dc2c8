// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/target_attention_scores.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The part of target attention's backward that runs group by group: every group walks over its items tile by tile and
/// leaves gradients by steps and candidates, and a part of its own of those by parameters.
///
/// Cost: O(C pairs (D w_1 + w_1 w_2 + ...) + W C D w_1) with w_l the widths; memory O(D w_1 + w_1 w_2 + ...) a group.
template <class Real, class Space>
struct TargetAttentionGroupGradients {
  static inline const std::string label = "longshore::target_attention_group_gradients";
  static constexpr int team_size = 128;
  AttentionGroups<Space> groups;  // of whole windows
  TargetAttentionShape shape;
  ActivationKind kind;
  Real scale;
  const Real* dscores;  // (positions)
  const Real* k;        // (N, D)
  const Real* q;        // (W, C, D)
  const Real* weights;  // of the first layer (width, 4 D)
  const Real* upright;  // of the others, see TargetAttentionShape
  const Real* output;   // (last)
  const Real* hidden;   // of each layer (positions, stride)
  Real* dk;             // (pairs, D) by step, all candidates together
  Real* dfirst;         // (W, C, stride) by what q alone adds to the first layer
  Real* dq;             // (W, C, D) by q in the products
  Real* parts;          // of each group, see TargetAttentionShape
  Real* tiles;          // of each group: folded weights and gradient (width, D), of each layer (tile, stride), (tile)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Real one = 1;
    const Index features = shape.features, width = shape.width[0], stride = shape.stride[0];
    const std::int64_t part_size = shape.gradient_size();
    Real* part = parts + team.league() * part_size;
    Real* folded = tiles + team.league() * tile_size(shape);
    Real* dfolded = folded + shape.product_gradient();
    Real* d = dfolded + shape.product_gradient();
    for (std::int64_t j = team.rank(); j < part_size; j += team.size()) part[j] = 0;
    AttentionItem item = groups.first(team.league());
    const AttentionItem stop = groups.first(team.league() + 1);
    const auto end = stop.window < groups.windows.count() ? groups.start(stop) : groups.positions();
    std::int64_t position = item.before(stop) ? groups.start(item) : 0;
    Index step = 0;
    while (item.before(stop)) {
      const auto rows = static_cast<Index>(
          end - position < target_attention_tile<Space> ? end - position : target_attention_tile<Space>);
      if (rows > 0) back_to_first(team, part, d, position, rows);
      // A tile ends with its last row; items without rows behind it belong to it too.
      for (Index row = 0; item.before(stop) && (row < rows || groups.length(item) == 0);) {
        const std::int64_t pair = std::int64_t{item.window} * groups.candidates + item.candidate;
        const Index length = groups.length(item), begin = groups.windows.begin(item.window) + step;
        const Index count = length - step < rows - row ? length - step : rows - row;
        const Real* keys = k + std::int64_t{begin} * features;
        const Real* here = d + std::int64_t{row} * stride;
        const Update update = step == 0 ? Update::write : Update::add;
        if (step == 0) fold(team, q + pair * features, folded);
        multiply<Real>(team, count, features, width, {here, stride}, {folded, features},
                       {dk + (std::int64_t{groups.windows.pairs(item.window)} + step) * features, features},
                       item.candidate == 0 ? Update::write : Update::add);
        multiply<Real>(team, width, features, count, {here, 1, stride}, {keys, features}, {dfolded, features}, update);
        multiply<Real>(team, 1, stride, count, {&one, 0, 0}, {here, stride}, {dfirst + pair * stride, stride}, update);
        team.barrier();
        row += count;
        step += count;
        if (step == length) {
          unfold(team, q + pair * features, dfolded, part, dq + pair * features);
          step = 0;
          item = groups.next(item);
        }
        team.barrier();
      }
      position += rows;
    }
  }

  /// Numbers of scratch of one group.
  KOKKOS_INLINE_FUNCTION static std::int64_t tile_size(const TargetAttentionShape& shape) {
    return 2 * shape.product_gradient() + target_attention_tile<Space> * (shape.columns() + 1);
  }

  /// From the scores of a tile back to the sums that enter the first layer's activation.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void back_to_first(const Team& team, Real* part, Real* d, std::int64_t position,
                                            Index rows) const {
    const Real one = 1;
    const Index last = shape.last();
    Real* ds = tile(d, shape.layers);
    Real* doutput = part + shape.output_gradient();
    for (Index i = team.rank(); i < rows; i += team.size()) ds[i] = scale * dscores[position + i];
    team.barrier();
    multiply<Real>(team, 1, last, rows, {ds, 0, 1}, {values(shape.layers - 1, position), last}, {doutput, last},
                   Update::add);
    multiply<Real>(team, 1, 1, rows, {ds, 0, 1}, {&one, 0}, {doutput + last, 1}, Update::add);
    multiply<Real>(team, rows, last, 1, {ds, 1, 0}, {output, last}, {tile(d, shape.layers - 1), last}, Update::write);
    team.barrier();
    for (int l = shape.layers - 1; l >= 0; --l) {
      const Index stride = shape.stride[l];
      Real* here = tile(d, l);
      const Real* h = values(l, position);
      differentiate_run(team, kind, Real(0), rows * stride, here, h, h, here, Update::write);
      team.barrier();
      if (l == 0) return;
      const Index before = shape.stride[l - 1];
      multiply<Real>(team, shape.width[l], before, rows, {here, 1, stride}, {values(l - 1, position), before},
                     {part + shape.weight_gradient(l), before}, Update::add);
      multiply<Real>(team, 1, stride, rows, {&one, 0, 0}, {here, stride}, {part + shape.bias_gradient(l), stride},
                     Update::add);
      multiply<Real>(team, rows, before, shape.width[l], {here, stride}, {upright + shape.upright_weights(l), before},
                     {tile(d, l - 1), before}, Update::write);
      team.barrier();
    }
  }
  KOKKOS_INLINE_FUNCTION Real* tile(Real* d, int l) const {
    return d + target_attention_tile<Space> * shape.columns_before(l);
  }
  KOKKOS_INLINE_FUNCTION const Real* values(int l, std::int64_t position) const {
    return hidden + groups.positions() * shape.columns_before(l) + position * shape.stride[l];
  }

  /// What multiplied k in forward, a row for each unit.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void fold(const Team& team, const Real* target, Real* folded) const {
    const Index features = shape.features;
    for (Index j = 0; j < shape.width[0]; ++j) {
      const Real* KOKKOS_RESTRICT row = weights + (std::int64_t{4} * j + 1) * features;
      Real* KOKKOS_RESTRICT to = folded + std::int64_t{j} * features;
      for (Index d = team.rank(); d < features; d += team.size())
        to[d] = row[d] - row[features + d] + target[d] * row[2 * features + d];
    }
    team.barrier();
  }

  /// The gradient by the folded matrix goes to what it was made of.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void unfold(const Team& team, const Real* target, const Real* dfolded, Real* part,
                                     Real* dtarget) const {
    const Index features = shape.features;
    Real* dkeys = part + shape.key_gradient();
    Real* dproducts = part + shape.product_gradient();
    for (Index d = team.rank(); d < features; d += team.size()) dtarget[d] = 0;
    for (Index j = 0; j < shape.width[0]; ++j) {
      const std::int64_t at = std::int64_t{j} * features;
      spread(team, features, dfolded + at, target, weights + 4 * at + 3 * features, dkeys + at, dproducts + at,
             dtarget);
    }
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION static void spread(const Team& team, Index count, const Real* KOKKOS_RESTRICT from,
                                            const Real* KOKKOS_RESTRICT target, const Real* KOKKOS_RESTRICT row,
                                            Real* KOKKOS_RESTRICT dkeys, Real* KOKKOS_RESTRICT dproducts,
                                            Real* KOKKOS_RESTRICT dtarget) {
    for (Index d = team.rank(); d < count; d += team.size()) {
      dkeys[d] += from[d];
      dproducts[d] += from[d] * target[d];
      dtarget[d] += from[d] * row[d];
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
