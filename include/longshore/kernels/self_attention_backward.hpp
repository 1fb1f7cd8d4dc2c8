// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/attend_backward.hpp>
#include <longshore/kernels/linear.hpp>
#include <longshore/kernels/self_attention.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where the backward pass of self-attention puts what parameters need; weights as they are stored, (out, in).
template <class Real>
struct AttentionGradients {
  const Real* in_weights = nullptr;   // (3 D, D)
  const Real* out_weights = nullptr;  // (D, D)
  Real* dattended = nullptr;          // (N, D) scratch
  Real* dprojected = nullptr;         // (N, 3 D)
};

/// Gradient of `self_attend` by its input for the sequences of one team. Ends with a barrier.
///
/// Cost: O(rows D² + T² D of each sequence).
///
/// @param dy  (N, D)
/// @param dx  (N, D) overwritten or added to; null: only `gradients.dprojected` is wanted
template <class Real, class Space, class Team, class Tile>
KOKKOS_INLINE_FUNCTION void self_attend_backward(const Team& team, const AttentionArrays<Real, Space>& arrays,
                                                 const AttentionGradients<Real>& gradients, const Real* dy, Real* dx,
                                                 Update update, Tile& tile) {
  const AttentionShape<Real>& shape = arrays.shape;
  const Index features = arrays.width(), rows = arrays.rows(team.league());
  const std::int64_t begin = arrays.first_row(team.league()), width = features;
  multiply<Real>(team, rows, features, features, Strided<const Real>{dy + begin * width, width},
                 Strided<const Real>{gradients.out_weights, width},
                 Strided<Real>{gradients.dattended + begin * width, width}, Update::write);
  team.barrier();
  for (Index b = arrays.first_sequence(team.league()); b < arrays.last_sequence(team.league()); ++b)
    for (Index head = 0; head < shape.heads; ++head) {
      const std::int64_t row = arrays.offsets.begin(b), column = std::int64_t{head} * shape.features;
      const Strided<const Real> query{arrays.projected + row * 3 * width + column, 3 * width};
      const Strided<Real> dquery{gradients.dprojected + row * 3 * width + column, 3 * width};
      attend_backward(
          team, shape, arrays.offsets.end(b) - arrays.offsets.begin(b), static_cast<Index>(row), head,
          Strided<const Real>{arrays.attended + row * width + column, width},
          Strided<const Real>{gradients.dattended + row * width + column, width}, query, query.from(0, features),
          query.from(0, 2 * features),
          Strided<const Real>{arrays.statistics + (row * shape.heads + head) * 2, std::int64_t{shape.heads} * 2},
          dquery, dquery.from(0, features), dquery.from(0, 2 * features), tile);
    }
  if (dx)
    multiply<Real>(team, rows, features, 3 * features,
                   Strided<const Real>{gradients.dprojected + begin * 3 * width, 3 * width},
                   Strided<const Real>{gradients.in_weights, width}, Strided<Real>{dx + begin * width, width}, update);
  team.barrier();
}

/// The body of `self_attention_backward`, which says what it computes.
template <class Real, class Space>
struct SelfAttentionBackward {
  static inline const std::string label = "longshore::self_attention_backward";
  static constexpr int team_size = 64;
  AttentionArrays<Real, Space> arrays;
  AttentionGradients<Real> gradients;
  const Real* dy;
  Real* dx;
  Update update;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    OwnTile<Real, Team> own;
    self_attend_backward(team, arrays, gradients, dy, dx, update, own.of(team, arrays.tiles));
  }
};

/// The gradients that self-attention is asked for; any may be empty.
template <class Real, class Space>
struct AttentionTargets {
  Target<Real, 2, Space> in_weights;   // (3 D, D)
  Target<Real, 1, Space> in_bias;      // (3 D)
  Target<Real, 2, Space> out_weights;  // (D, D)
  Target<Real, 1, Space> out_bias;     // (D)
};

/// Numbers of scratch that `self_attention_backward` needs.
template <class Real, class Space>
std::size_t self_attention_backward_workspace(const AttentionArrays<Real, Space>& arrays, Index steps) {
  const Index width = arrays.width();
  return 4 * static_cast<std::size_t>(steps) * static_cast<std::size_t>(width) +
         attention_tiles_size<Real, Space>(arrays.teams()) + linear_backward_workspace(steps, width, 3 * width);
}

/// Gradients of `self_attention_forward`. Memory does not grow with the square of the lengths. Does not wait.
///
/// Source: Vaswani et al. 2017, section 3.2.
/// Cost: O(N D² + D sum of T²); scratch 4 N D numbers and what `linear_backward` needs (on a device a tile a team too).
///
/// @param dy           (N, D)
/// @param x            (N, D)
/// @param in_weights   (3 D, D)
/// @param out_weights  (D, D)
/// @param arrays       what the forward pass was given and left
/// @param dx           (N, D), or empty
/// @param targets      gradients by the parameters
/// @param workspace    self_attention_backward_workspace(arrays, N) numbers
template <class Real, class Space, class Executor>
void self_attention_backward(const Executor& executor, View<const Real, 2, Space> dy, View<const Real, 2, Space> x,
                             View<const Real, 2, Space> in_weights, View<const Real, 2, Space> out_weights,
                             AttentionArrays<Real, Space> arrays, Target<Real, 2, Space> dx,
                             const AttentionTargets<Real, Space>& targets, View<Real, 1, Space> workspace) {
  const Index steps = x.extent(0), width = arrays.width();
  const std::int64_t size = std::int64_t{steps} * width;
  Real* rest = workspace.data() + 4 * size;
  const AttentionGradients<Real> gradients{in_weights.data(), out_weights.data(), workspace.data(),
                                           workspace.data() + size};
  arrays.tiles = rest;
  rest += attention_tiles_size<Real, Space>(arrays.teams());
  for_each_team<Space>(executor, arrays.teams(),
                       SelfAttentionBackward<Real, Space>{arrays, gradients, dy.data(), dx.view.data(), dx.update});
  const View<Real, 1, Space> sums(rest, linear_backward_workspace(steps, width, 3 * width));
  linear_backward<Real, Space>(executor, View<const Real, 2, Space>(gradients.dprojected, steps, 3 * width), x,
                               in_weights, {}, targets.in_weights, targets.in_bias, sums);
  linear_backward<Real, Space>(executor, dy, View<const Real, 2, Space>(arrays.attended, steps, width), out_weights, {},
                               targets.out_weights, targets.out_bias, sums);
}

}  // namespace longshore::inline LONGSHORE_ABI
