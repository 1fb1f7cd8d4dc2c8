// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/fill.hpp>
#include <longshore/kernels/softmax_cross_entropy.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Gradients by the items of one body, complete, and by the interests, this body's share.
template <class Real, class Space>
struct SoftmaxGradients {
  static inline const std::string label = "longshore::softmax_cross_entropy_backward";
  static constexpr int team_size = 128;
  SoftmaxTiles<Real> tiles;
  const Real* log_sum;   // (B, 2)
  const Id* targets;     // (B)
  const float* weights;  // (B) or null
  const Real* dloss;     // (1)
  Real scale;
  Real* shares;  // (bodies, B, D) or null
  Target<Real, 2, Space> ditems;
  Target<Real, 1, Space> dbias;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index features = tiles.features, first = tiles.first(team.league()), last = tiles.last(team.league());
    Real* slopes = tiles.logits(team);
    for (Index item = first; item < last; item += softmax_items) {
      const Index width = last - item < softmax_items ? last - item : softmax_items;
      tiles.take_items(team, item, width);
      for (Index row = 0; row < tiles.rows; row += softmax_rows) {
        const Index height = tiles.rows - row < softmax_rows ? tiles.rows - row : softmax_rows;
        tiles.fill_logits(team, row, height, item, width);
        for (Index r = 0; r < height; ++r)
          to_slopes(team, slopes + std::int64_t{r} * softmax_items, row + r, item, width);
        team.barrier();
        if (shares)
          multiply<Real>(team, height, features, width, Strided<const Real>{slopes, softmax_items},
                         Strided<const Real>{tiles.table + std::int64_t{item} * features, features},
                         Strided<Real>{shares + (std::int64_t{team.league()} * tiles.rows + row) * features, features},
                         item == first ? Update::write : Update::add);
        if (ditems)
          multiply<Real>(team, width, features, height, Strided<const Real>{slopes, 1, softmax_items},
                         Strided<const Real>{tiles.interests + std::int64_t{row} * features, features},
                         Strided<Real>{ditems.view.row(item), features}, row == 0 ? ditems.update : Update::add);
        if (dbias) add_bias(team, slopes, row, height, item, width);
        team.barrier();
      }
    }
  }

 private:
  /// Logits of a row to the gradient of the loss by them: weight (softmax - one at the target).
  template <class Team>
  KOKKOS_INLINE_FUNCTION void to_slopes(const Team& team, Real* x, Index b, Index item, Index width) const {
    const Real factor = scale * dloss[0] * (weights ? static_cast<Real>(weights[b]) : Real(1));
    const Real most = log_sum[2 * std::int64_t{b}], rest = log_sum[2 * std::int64_t{b} + 1];
    Index j = team.rank();
#if !LONGSHORE_ON_DEVICE
    if constexpr (Team::single) {
      using Vector = Simd<Real>;
      const auto greatest = Vector::broadcast(most), shift = Vector::broadcast(rest), by = Vector::broadcast(factor);
      for (; j + Vector::width <= width; j += Vector::width) {
        Vector part = Vector::load(x + j);
        part.subtract(greatest);
        part.subtract(shift);
        part = exp_of_negative(part);
        part.scale(by);
        part.store(x + j);
      }
    }
#endif
    for (; j < width; j += team.size()) x[j] = factor * math::exp((x[j] - most) - rest);
    const Index hit = targets[b] - item;
    if (hit >= 0 && hit < width && hit % team.size() == team.rank()) x[hit] -= factor;
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_bias(const Team& team, const Real* slopes, Index row, Index height, Index item,
                                       Index width) const {
    Real* to = dbias.view.data() + item;
    if (row == 0 && !dbias.adds())
      for (Index j = team.rank(); j < width; j += team.size()) to[j] = 0;
    for (Index r = 0; r < height; ++r)
      for (Index j = team.rank(); j < width; j += team.size()) to[j] += slopes[std::int64_t{r} * softmax_items + j];
  }
};

/// Sums the bodies' shares of the gradient of one row in their order.
template <class Real, class Space>
struct JoinSoftmaxShares {
  static inline const std::string label = "longshore::softmax_cross_entropy_backward";
  static constexpr int team_size = 64;
  Index bodies;
  const Real* shares;  // (bodies, B, D)
  Target<Real, 2, Space> dinterests;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index features = dinterests.view.extent(1);
    Real* to = dinterests.view.row(team.league());
    for (Index body = 0; body < bodies; ++body) {
      const Real* from = shares + (std::int64_t{body} * dinterests.view.extent(0) + team.league()) * features;
      const bool adds = body > 0 || dinterests.adds();
      for (Index d = team.rank(); d < features; d += team.size()) to[d] = adds ? to[d] + from[d] : from[d];
    }
  }
};

/// Numbers of scratch that `softmax_cross_entropy_backward` needs where the gradient by the interests is wanted.
template <class Space>
std::size_t softmax_cross_entropy_backward_workspace(Index rows, Index items, Index features) {
  return static_cast<std::size_t>(softmax_blocks<Space>(items)) * static_cast<std::size_t>(rows) *
         static_cast<std::size_t>(features);
}

/// Gradients of `softmax_cross_entropy_forward`: the logits are made once more. Does not wait.
///
/// Source: Bridle 1990.
/// Cost: O(B I D) for the logits and for each of dinterests and ditems; memory O(B D) for each of at most 64 bodies
/// (512 on a device): never (B, I).
///
/// @param tiles       as in the forward pass; its scratch is overwritten
/// @param targets     (B)
/// @param weights     (B) or empty
/// @param scale       as in the forward pass
/// @param log_sum     (B, 2) from the forward pass
/// @param dloss       (1) gradient that reached the loss
/// @param dinterests  (B, D), or empty; may be the array of ditems, which is written first
/// @param ditems      (I, D), or empty
/// @param dbias       (I), or empty
/// @param workspace   softmax_cross_entropy_backward_workspace<Space>(B, I, D) numbers; none without dinterests
template <class Real, class Space, class Executor>
void softmax_cross_entropy_backward(const Executor& executor, const SoftmaxTiles<Real>& tiles,
                                    View<const Id, 1, Space> targets, View<const float, 1, Space> weights, Real scale,
                                    View<const Real, 2, Space> log_sum, View<const Real, 1, Space> dloss,
                                    Target<Real, 2, Space> dinterests, Target<Real, 2, Space> ditems,
                                    Target<Real, 1, Space> dbias, View<Real, 1, Space> workspace) {
  const Index bodies = softmax_blocks<Space>(tiles.items);
  if (tiles.rows == 0) {  // nobody to sum over
    if (ditems && !ditems.adds()) fill<Real>(executor, ditems.view, Real(0));
    if (dbias && !dbias.adds()) fill<Real>(executor, dbias.view, Real(0));
    return;
  }
  if (dinterests || ditems || dbias)
    for_each_team<Space>(
        executor, bodies,
        SoftmaxGradients<Real, Space>{tiles, log_sum.data(), targets.data(), weights.data(), dloss.data(), scale,
                                      dinterests ? workspace.data() : nullptr, ditems, dbias});
  if (dinterests)
    for_each_team<Space>(executor, tiles.rows, JoinSoftmaxShares<Real, Space>{bodies, workspace.data(), dinterests});
}

}  // namespace longshore::inline LONGSHORE_ABI
