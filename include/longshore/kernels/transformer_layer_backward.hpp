// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/linear.hpp>
#include <longshore/kernels/self_attention_backward.hpp>
#include <longshore/kernels/transformer_layer.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the backward pass of a transformer layer works with, beside what the forward pass left.
template <class Real>
struct TransformerGradients {
  const Real* in_proj = nullptr;   // (3 D, D) weights as they are stored
  const Real* out_proj = nullptr;  // (D, D)
  const Real* linear1 = nullptr;   // (F, D)
  const Real* linear2 = nullptr;   // (D, F)
  Real* work = nullptr;            // the arrays below
  std::int64_t size = 0;           // N D
  std::int64_t hidden_size = 0;    // N F

  /// Gradients by: (N, D) the sum behind feed forward; (N, D) its second branch, before dropout.
  KOKKOS_INLINE_FUNCTION Real* sum2() const { return work; }
  KOKKOS_INLINE_FUNCTION Real* branch2() const { return work + size; }
  /// (N, D) the sum behind attention; (N, D) its branch, before dropout.
  KOKKOS_INLINE_FUNCTION Real* sum1() const { return work + 2 * size; }
  KOKKOS_INLINE_FUNCTION Real* branch1() const { return work + 3 * size; }
  /// (N, D) what attention and feed forward see, one after the other; (N, D) what the heads give.
  KOKKOS_INLINE_FUNCTION Real* seen() const { return work + 4 * size; }
  KOKKOS_INLINE_FUNCTION Real* attended() const { return work + 5 * size; }
  /// (N, 3 D) queries, keys and values; (N, F) what the first linear layer gives.
  KOKKOS_INLINE_FUNCTION Real* projected() const { return work + 6 * size; }
  KOKKOS_INLINE_FUNCTION Real* hidden() const { return work + 9 * size; }
  /// Shares of the teams in the gradients of the norms, four times (teams, D), and (teams, 2, D) of scratch.
  KOKKOS_INLINE_FUNCTION Real* norms() const { return hidden() + hidden_size; }
};

/// Gradients of `transform_rows` for the sequences of one team.
///
/// Cost: O(rows D (D + F) + T² D of each sequence).
///
/// @param dy  (N, D)
/// @param x   (N, D)
/// @param dx  (N, D) overwritten or added to, or null
template <class Real, class Space, class Team, class Tile>
KOKKOS_INLINE_FUNCTION void transform_rows_backward(const Team& team, const TransformerArrays<Real, Space>& a,
                                                    const TransformerGradients<Real>& g, const Real* dy, const Real* x,
                                                    Real* dx, Update update, Tile& tile) {
  const Index features = a.attention.width(), rows = a.attention.rows(team.league()), hidden = a.hidden;
  const std::int64_t first = a.attention.first_row(team.league()), begin = first * features;
  const std::int64_t count = std::int64_t{rows} * features, inside = first * hidden;
  const std::int64_t shares = std::int64_t{a.attention.teams()} * features,
                     own = std::int64_t{team.league()} * features;
  Real* dnorm1 = g.norms() + own;  // dweights; dbias lies `shares` behind
  Real* dnorm2 = dnorm1 + 2 * shares;
  Real* scratch = g.norms() + 4 * shares + 2 * own;
  const bool drops = a.drop.drops();

  const Real* dsum2 = dy;
  if (!a.norm_first) {
    layer_norm_backward_rows(team, rows, features, dy + begin, a.sum2() + begin, a.norm2_weights,
                             a.statistics2() + 2 * first, g.sum2() + begin, Update::write, dnorm2, dnorm2 + shares,
                             scratch);
    dsum2 = g.sum2();
    team.barrier();
  }
  const Real* dbranch2 = dsum2;
  if (drops) {
    drop_rows(team, a.drop.stream(2), first, rows, features, dsum2 + begin, g.branch2() + begin);
    dbranch2 = g.branch2();
  }
  multiply<Real>(team, rows, hidden, features, Strided<const Real>{dbranch2 + begin, features},
                 Strided<const Real>{g.linear2, hidden}, Strided<Real>{g.hidden() + inside, hidden}, Update::write);
  team.barrier();
  if (drops) drop_rows(team, a.drop.stream(1), first, rows, hidden, g.hidden() + inside, g.hidden() + inside);
  differentiate_run(team, a.activation, Real(0.01), rows * hidden, g.hidden() + inside, a.kept() + inside,
                    a.kept() + inside, g.hidden() + inside, Update::write);
  team.barrier();
  multiply<Real>(team, rows, features, hidden, Strided<const Real>{g.hidden() + inside, hidden},
                 Strided<const Real>{g.linear1, features}, Strided<Real>{g.seen() + begin, features}, Update::write);
  team.barrier();
  if (a.norm_first) {
    put_run(team, count, dsum2 + begin, g.sum1() + begin, false);
    team.barrier();
    layer_norm_backward_rows(team, rows, features, g.seen() + begin, a.sum1() + begin, a.norm2_weights,
                             a.statistics2() + 2 * first, g.sum1() + begin, Update::add, dnorm2, dnorm2 + shares,
                             scratch);
  } else {
    put_run(team, count, dsum2 + begin, g.seen() + begin, true);
    team.barrier();
    layer_norm_backward_rows(team, rows, features, g.seen() + begin, a.sum1() + begin, a.norm1_weights,
                             a.statistics1() + 2 * first, g.sum1() + begin, Update::write, dnorm1, dnorm1 + shares,
                             scratch);
  }
  team.barrier();
  const Real* dbranch1 = g.sum1();
  if (drops) {
    drop_rows(team, a.drop.stream(0), first, rows, features, g.sum1() + begin, g.branch1() + begin);
    dbranch1 = g.branch1();
  }
  if (dx) put_run(team, count, g.sum1() + begin, dx + begin, update == Update::add);
  team.barrier();
  const AttentionGradients<Real> attention{g.in_proj, g.out_proj, g.attended(), g.projected()};
  self_attend_backward(team, a.attention, attention, dbranch1, a.norm_first ? g.seen() : dx,
                       a.norm_first ? Update::write : Update::add, tile);
  if (a.norm_first)
    layer_norm_backward_rows(team, rows, features, g.seen() + begin, x + begin, a.norm1_weights,
                             a.statistics1() + 2 * first, dx ? dx + begin : dx, Update::add, dnorm1, dnorm1 + shares,
                             scratch);
}

/// The body of `transformer_layer_backward`, which says what it computes.
template <class Real, class Space>
struct TransformerLayerBackward {
  static inline const std::string label = "longshore::transformer_layer_backward";
  static constexpr int team_size = 64;
  TransformerArrays<Real, Space> arrays;
  TransformerGradients<Real> gradients;
  const Real* dy;
  const Real* x;
  Real* dx;
  Update update;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    OwnTile<Real, Team> own;
    transform_rows_backward(team, arrays, gradients, dy, x, dx, update, own.of(team, arrays.attention.tiles));
  }
};

/// The gradients that a transformer layer is asked for; any may be empty.
template <class Real, class Space>
struct TransformerTargets {
  Target<Real, 2, Space> in_proj, out_proj, linear1, linear2;
  Target<Real, 1, Space> in_proj_bias, out_proj_bias, linear1_bias, linear2_bias;
  Target<Real, 1, Space> norm1_weights, norm1_bias, norm2_weights, norm2_bias;
};

/// Numbers of scratch that the sums over all rows need.
inline std::size_t transformer_sums_workspace(Index steps, Index width, Index hidden) {
  const std::size_t sizes[] = {linear_backward_workspace(steps, width, 3 * width),
                               linear_backward_workspace(steps, width, hidden),
                               linear_backward_workspace(steps, hidden, width)};
  std::size_t most = 0;
  for (const std::size_t size : sizes) most = size > most ? size : most;
  return most;
}

/// Numbers of scratch that `transformer_layer_backward` needs.
template <class Real, class Space>
std::size_t transformer_layer_backward_workspace(const TransformerArrays<Real, Space>& arrays) {
  const Index width = arrays.attention.width(), teams = arrays.attention.teams();
  return static_cast<std::size_t>(9 * arrays.size() + arrays.hidden_size() + 6 * std::int64_t{teams} * width) +
         attention_tiles_size<Real, Space>(teams) + transformer_sums_workspace(arrays.steps, width, arrays.hidden);
}

/// Gradients of `transformer_layer_forward`. Does not wait.
///
/// Source: Vaswani et al. 2017, section 3.1; norm_first: Xiong et al. 2020.
/// Cost: O(N D (D + F) + D sum of T²); scratch (9 D + F) numbers a step, 6 D a team, and what `linear_backward` needs.
///
/// @param dy         (N, D)
/// @param x          (N, D)
/// @param weights    matrices of the layer
/// @param arrays     what the forward pass was given and left
/// @param dx         (N, D), or empty
/// @param targets    gradients by the parameters
/// @param workspace  transformer_layer_backward_workspace(arrays) numbers
template <class Real, class Space, class Executor>
void transformer_layer_backward(const Executor& executor, View<const Real, 2, Space> dy, View<const Real, 2, Space> x,
                                const TransformerWeights<Real, Space>& weights, TransformerArrays<Real, Space> arrays,
                                Target<Real, 2, Space> dx, const TransformerTargets<Real, Space>& targets,
                                View<Real, 1, Space> workspace) {
  const Index steps = arrays.steps, width = arrays.attention.width(), hidden = arrays.hidden;
  const Index teams = arrays.attention.teams();
  const std::int64_t shares = std::int64_t{teams} * width;
  const TransformerGradients<Real> g{weights.in_proj.data(), weights.out_proj.data(), weights.linear1.data(),
                                     weights.linear2.data(), workspace.data(),        arrays.size(),
                                     arrays.hidden_size()};
  arrays.attention.tiles = g.norms() + 6 * shares;
  if (steps > 0)
    for_each_team<Space>(
        executor, teams,
        TransformerLayerBackward<Real, Space>{arrays, g, dy.data(), x.data(), dx.view.data(), dx.update});

  const View<Real, 1, Space> sums(arrays.attention.tiles + attention_tiles_size<Real, Space>(teams),
                                  transformer_sums_workspace(steps, width, hidden));
  const auto matrix = [&](const Real* data, Index columns) { return View<const Real, 2, Space>(data, steps, columns); };
  const bool drops = arrays.drop.drops();
  const Real* dbranch2 = drops ? g.branch2() : arrays.norm_first ? dy.data() : g.sum2();
  linear_backward<Real, Space>(executor, matrix(g.projected(), 3 * width),
                               matrix(arrays.norm_first ? arrays.normal() : x.data(), width), weights.in_proj, {},
                               targets.in_proj, targets.in_proj_bias, sums);
  linear_backward<Real, Space>(executor, matrix(drops ? g.branch1() : g.sum1(), width),
                               matrix(arrays.attention.attended, width), weights.out_proj, {}, targets.out_proj,
                               targets.out_proj_bias, sums);
  linear_backward<Real, Space>(executor, matrix(g.hidden(), hidden), matrix(arrays.middle(), width), weights.linear1,
                               {}, targets.linear1, targets.linear1_bias, sums);
  linear_backward<Real, Space>(executor, matrix(dbranch2, width), matrix(arrays.active(), hidden), weights.linear2, {},
                               targets.linear2, targets.linear2_bias, sums);
  const auto sum_shares = [&](const Target<Real, 1, Space>& target, int place) {
    if (target)
      for_each(
          executor, width,
          SumChunks<Real>{g.norms() + place * shares, steps > 0 ? teams : 0, width, target.view.data(), target.update});
  };
  sum_shares(targets.norm1_weights, 0);
  sum_shares(targets.norm1_bias, 1);
  sum_shares(targets.norm2_weights, 2);
  sum_shares(targets.norm2_bias, 3);
}

}  // namespace longshore::inline LONGSHORE_ABI
