// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/kernels/activation.hpp>
#include <longshore/kernels/group_sums.hpp>
#include <longshore/kernels/linear.hpp>
#include <longshore/kernels/pad.hpp>
#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that one body scores, and how many of them at a time.
template <class Space>
inline constexpr Index additive_group = is_host_space<Space> ? 384 : 48;
/// Rows whose hidden values exist at a time.
inline constexpr Index additive_tile = 48;

/// The body of `additive_scores_forward`, which says what it computes.
template <class Real, class Space>
struct AdditiveScores {
  static inline const std::string label = "longshore::additive_scores";
  static constexpr int team_size = 128;
  Index steps, features, width;  // width: hidden, padded
  ActivationKind kind;
  const Real* x;
  const Real* packed;  // weights transposed (D, width), bias (width), query (width)
  Real* hidden;        // (N, width), or one tile for each group
  bool keeps;
  Real* scores;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * additive_group<Space>, last = chunk_end(first, additive_group<Space>, steps);
    const Real* bias = packed + std::int64_t{features} * width;
    const Real* query = bias + width;
    for (Index row = first; row < last; row += additive_tile) {
      const Index count = chunk_end(row, additive_tile, last) - row;
      Real* h = hidden + (keeps ? std::int64_t{row} : std::int64_t{team.league()} * additive_tile) * width;
      multiply<Real>(team, count, width, features, {x + std::int64_t{row} * features, features}, {packed, width},
                     {h, width}, Update::write, bias);
      team.barrier();
      activate_run(team, kind, Real(0), count * width, h, h);
      team.barrier();
      for (Index i = team.rank(); i < count; i += team.size())
        scores[row + i] = dot(h + std::int64_t{i} * width, query, width);
      team.barrier();
    }
  }
};

/// The body of `additive_scores_backward`, which says what it computes.
template <class Real, class Space>
struct AdditiveScoresGradient {
  static inline const std::string label = "longshore::additive_scores_gradient";
  static constexpr int team_size = 128;
  Windows<Space> windows;
  Index steps, features, size, width;  // size: hidden
  ActivationKind kind;
  const Real* dscores;
  const Real* x;
  const Real* weights;  // (hidden, D)
  const Real* query;    // (width)
  const Real* hidden;   // (N, width)
  Real* dx;             // or null
  Update update;
  Real* parts;  // of each group: dweights (hidden, D), dbias (hidden), dquery (hidden)
  Real* tiles;  // of each group: (tile, width) and (tile)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * additive_group<Space>, last = chunk_end(first, additive_group<Space>, steps);
    const std::int64_t part_size = std::int64_t{size} * (features + 2);
    Real* dweights = parts + team.league() * part_size;
    Real* dbias = dweights + std::int64_t{size} * features;
    Real* dquery = dbias + size;
    Real* d = tiles + std::int64_t{team.league()} * additive_tile * (width + 1);
    Real* ds = d + std::int64_t{additive_tile} * width;
    for (std::int64_t j = team.rank(); j < part_size; j += team.size()) dweights[j] = 0;
    Index holder = windows.first_with(first + team.rank());
    for (Index row = first; row < last; row += additive_tile) {
      const Index count = chunk_end(row, additive_tile, last) - row;
      const Real* h = hidden + std::int64_t{row} * width;
      const Real* rows = x + std::int64_t{row} * features;
      for (Index i = team.rank(); i < count; i += team.size()) ds[i] = gather(row + i, holder);
      team.barrier();
      for (Index i = 0; i < count; ++i) {
        for (Index j = team.rank(); j < width; j += team.size()) d[i * width + j] = ds[i] * query[j];
        for (Index j = team.rank(); j < size; j += team.size()) dquery[j] += ds[i] * h[i * width + j];
      }
      team.barrier();
      differentiate_run(team, kind, Real(0), count * width, d, h, h, d, Update::write);
      team.barrier();
      for (Index i = 0; i < count; ++i)
        for (Index j = team.rank(); j < size; j += team.size()) dbias[j] += d[i * width + j];
      multiply<Real>(team, size, features, count, {d, 1, width}, {rows, features}, {dweights, features}, Update::add);
      if (dx)
        multiply<Real>(team, count, features, size, {d, width}, {weights, features},
                       {dx + std::int64_t{row} * features, features}, update);
      team.barrier();
    }
  }

  /// The gradient by the score of a row: the sum over the windows that hold it. Rows must not decrease between calls.
  KOKKOS_INLINE_FUNCTION Real gather(Index row, Index& holder) const {
    while (holder < windows.count() && windows.end(holder) <= row) ++holder;
    Real sum = 0;
    for (Index w = holder; w < windows.count() && windows.begin(w) <= row; ++w)
      sum += dscores[windows.pairs(w) + row - windows.begin(w)];
    return sum;
  }
};

/// Numbers that forward leaves for backward: packed parameters, then hidden values.
template <class Real>
std::size_t additive_scores_packed(Index in, Index hidden) {
  return static_cast<std::size_t>(padded_size<Real>(hidden)) * (static_cast<std::size_t>(in) + 2);
}
/// How many numbers the hidden values of so many steps take, padded to whole registers.
template <class Real>
std::size_t additive_scores_hidden(Index steps, Index hidden) {
  return static_cast<std::size_t>(padded_size<Real>(hidden)) * static_cast<std::size_t>(steps);
}
/// The same where no backward follows: one tile for each group.
template <class Real, class Space>
std::size_t additive_scores_tiles(Index steps, Index hidden) {
  return additive_scores_hidden<Real>(chunk_count(steps, additive_group<Space>) * additive_tile, hidden);
}

/// s = query . f(W x + b), one score a row. Does not wait.
///
/// Source: Bahdanau et al. 2015, without decoder state.
/// Cost: O(N D hidden); memory O(D hidden) for `packed`, and O(N hidden) for `values` if it keeps, else 48 rows of
/// hidden for every 384 steps (every 48 on a device).
///
/// @param kind     f
/// @param x        (N, D)
/// @param weights  (hidden, D)
/// @param bias     (hidden), or empty
/// @param query    (hidden)
/// @param keeps    whether backward follows
/// @param scores   (N) overwritten
/// @param packed   additive_scores_packed(D, hidden) numbers, for backward too
/// @param values   additive_scores_hidden(N, hidden) numbers if it keeps, else additive_scores_tiles(N, hidden)
template <class Real, class Space, class Executor>
void additive_scores_forward(const Executor& executor, ActivationKind kind, View<const Real, 2, Space> x,
                             View<const Real, 2, Space> weights, View<const Real, 1, Space> bias,
                             View<const Real, 1, Space> query, bool keeps, View<Real, 1, Space> scores,
                             View<Real, 1, Space> packed, View<Real, 1, Space> values) {
  const Index in = weights.extent(1), hidden = weights.extent(0), width = padded_size<Real>(hidden);
  Real* vectors = packed.data() + std::int64_t{in} * width;
  pad<Real, Space>(executor, in, hidden, {weights.data(), 1, in}, width, packed.data());
  pad<Real, Space>(executor, 1, bias.extent(0), {bias.data(), hidden}, width, vectors);
  pad<Real, Space>(executor, 1, hidden, {query.data(), hidden}, width, vectors + width);
  for_each_team<Space>(executor, chunk_count(x.extent(0), additive_group<Space>),
                       AdditiveScores<Real, Space>{x.extent(0), in, width, kind, x.data(), packed.data(), values.data(),
                                                   keeps, scores.data()});
}

/// Numbers of scratch that `additive_scores_backward` needs.
template <class Real, class Space>
std::size_t additive_scores_backward_workspace(Index steps, Index in, Index hidden) {
  const auto groups = static_cast<std::size_t>(steps > 0 ? chunk_count(steps, additive_group<Space>) : 1);
  return groups * (static_cast<std::size_t>(hidden) * static_cast<std::size_t>(in + 2) +
                   static_cast<std::size_t>(additive_tile) * static_cast<std::size_t>(padded_size<Real>(hidden) + 1));
}

/// Gradients of the scores by rows and parameters. A row may be in several windows: its score's gradient is the sum
/// over them, in their order. Does not wait.
///
/// Cost: O(N D hidden + pairs); scratch O(D hidden) for every 384 steps (every 48 on a device).
///
/// @param dscores    (pairs) the gradient by the score of each pair
/// @param packed     what forward left
/// @param values     what forward left, kept
/// @param dx         (N, D), or empty
/// @param dweights   (hidden, D), or empty
/// @param dbias      (hidden), or empty
/// @param dquery     (hidden), or empty
/// @param workspace  additive_scores_backward_workspace(N, D, hidden) numbers
template <class Real, class Space, class Executor>
void additive_scores_backward(const Executor& executor, ActivationKind kind, View<const Real, 1, Space> dscores,
                              const Windows<Space>& windows, View<const Real, 2, Space> x,
                              View<const Real, 2, Space> weights, View<const Real, 1, Space> packed,
                              View<const Real, 1, Space> values, Target<Real, 2, Space> dx,
                              Target<Real, 2, Space> dweights, Target<Real, 1, Space> dbias,
                              Target<Real, 1, Space> dquery, View<Real, 1, Space> workspace) {
  const Index steps = x.extent(0), in = weights.extent(1), hidden = weights.extent(0);
  const Index width = padded_size<Real>(hidden), groups = chunk_count(steps, additive_group<Space>);
  const std::int64_t product = std::int64_t{hidden} * in, size = product + 2 * hidden;
  Real* parts = workspace.data();
  if (groups == 0) fill<Real>(executor, View<Real, 1, Space>(parts, size), Real(0));
  for_each_team<Space>(
      executor, groups,
      AdditiveScoresGradient<Real, Space>{windows, steps, in, hidden, width, kind, dscores.data(), x.data(),
                                          weights.data(), packed.data() + std::int64_t{in + 1} * width, values.data(),
                                          dx.view.data(), dx.update, parts, parts + groups * size});
  sum_groups<Real, Space>(executor, groups, size, parts);
  if (dweights) put_block<Real>(executor, hidden, in, {parts, in}, {dweights.view.data(), in}, dweights.update);
  if (dbias) put_block<Real>(executor, 1, hidden, {parts + product, hidden}, {dbias.view.data(), hidden}, dbias.update);
  if (dquery)
    put_block<Real>(executor, 1, hidden, {parts + product + hidden, hidden}, {dquery.view.data(), hidden},
                    dquery.update);
}

}  // namespace longshore::inline LONGSHORE_ABI
