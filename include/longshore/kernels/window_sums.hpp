// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/windows.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/linalg/multiply.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How much a row counts in its window: 1, 1 over the rows of the window, 1 over their square root, or a given number.
enum class Weighting { sum, mean, root, given };

/// What a row of a window of that many rows counts, where no number is given.
template <class Real>
KOKKOS_INLINE_FUNCTION Real weight_of_row(Weighting weighting, Index length) {
  if (length == 0 || weighting == Weighting::sum) return Real(1);
  return Real(1) / (weighting == Weighting::root ? math::sqrt(static_cast<Real>(length)) : static_cast<Real>(length));
}

/// Windows that one body takes: enough to be worth a dispatch on a host, one a team on a device.
template <class Space>
inline constexpr Index window_chunk = is_host_space<Space> ? 8 : 1;
/// Rows that one body takes where rows gather from the windows that hold them.
template <class Space>
inline constexpr Index step_chunk = is_host_space<Space> ? 64 : 4;

/// Where a chunk of `size` that starts at `first` ends, of `count` in all.
KOKKOS_INLINE_FUNCTION Index chunk_end(Index first, Index size, Index count) {
  return count - first < size ? count : first + size;
}

/// The body of `window_sums_forward`, which says what it computes.
template <class Real, class Space>
struct WindowSums {
  static inline const std::string label = "longshore::window_sums";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index candidates, features;
  Weighting weighting;
  const Real* x;
  const Real* weights;
  Real* z;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const Index begin = windows.begin(w), length = windows.end(w) - begin;
      const Real same = weight_of_row<Real>(weighting, length);
      Strided<const Real> a{&same, 0, 0};  // (C, length): one number for every row, or those of the window
      if (weighting == Weighting::given) a = {weights + std::int64_t{windows.pairs(w)} * candidates, length, 1};
      multiply<Real>(team, candidates, features, length, a, {x + std::int64_t{begin} * features, features},
                     {z + std::int64_t{w} * candidates * features, features}, Update::write);
    }
  }
};

/// The body of `window_sums_backward_weights`, which says what it computes.
template <class Real, class Space>
struct WindowWeightGradients {
  static inline const std::string label = "longshore::window_weight_gradients";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index candidates, features;
  const Real* dz;
  const Real* x;
  Real* dweights;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const Index begin = windows.begin(w), length = windows.end(w) - begin;
      for (Index c = 0; c < candidates; ++c) {
        const Real* from = dz + (std::int64_t{w} * candidates + c) * features;
        Real* to = dweights + std::int64_t{windows.pairs(w)} * candidates + std::int64_t{c} * length;
        for (Index i = team.rank(); i < length; i += team.size())
          to[i] = dot(from, x + std::int64_t{begin + i} * features, features);
      }
    }
  }
};

/// Each row gathers from the windows that hold it, in their order.
template <class Real, class Space>
struct WindowStepGradients {
  static inline const std::string label = "longshore::window_step_gradients";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index steps, candidates, features;
  Weighting weighting;
  const Real* dz;
  const Real* weights;
  const Real* pair_rows;  // (pairs, D) or null
  Real* dx;
  Update update;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * step_chunk<Space>;
    Index holder = windows.first_with(first);
    for (Index row = first; row < chunk_end(first, step_chunk<Space>, steps); ++row) {
      while (holder < windows.count() && windows.end(holder) <= row) ++holder;
      Real* to = dx + std::int64_t{row} * features;
      bool adds = update == Update::add;
      for (Index w = holder; w < windows.count() && windows.begin(w) <= row; ++w) {
        const Index step = row - windows.begin(w), length = windows.end(w) - windows.begin(w);
        for (Index c = 0; c < candidates; ++c) {
          const Real weight =
              weighting == Weighting::given
                  ? weights[std::int64_t{windows.pairs(w)} * candidates + std::int64_t{c} * length + step]
                  : weight_of_row<Real>(weighting, length);
          put(team, weight, dz + (std::int64_t{w} * candidates + c) * features, to, adds);
        }
        if (pair_rows) put(team, Real(1), pair_rows + std::int64_t{windows.pairs(w) + step} * features, to, adds);
      }
      if (!adds)
        for (Index d = team.rank(); d < features; d += team.size()) to[d] = 0;
    }
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, Real weight, const Real* from, Real* to, bool& adds) const {
    if (adds)
      for (Index d = team.rank(); d < features; d += team.size()) to[d] += weight * from[d];
    else
      for (Index d = team.rank(); d < features; d += team.size()) to[d] = weight * from[d];
    adds = true;
  }
};

/// z of window w and candidate c = the weighted sum of the rows of the window. Empty windows give zeros. Does not wait.
///
/// Weights of candidate c and window w lie at C pairs(w) + c length(w), one a row: with one candidate that is the
/// layout of `Windows`.
///
/// Source: Covington et al. 2016 (the mean); Zhou et al. 2018 (the sum, the base model of DIN).
/// Cost: O(C (W + pairs) D), no scratch.
///
/// @param x        (N, D)
/// @param weights  (C pairs), looked at if they are given
/// @param z        (W, C, D) overwritten
template <class Real, class Space, class Executor>
void window_sums_forward(const Executor& executor, View<const Real, 2, Space> x, const Windows<Space>& windows,
                         Weighting weighting, View<const Real, 1, Space> weights, View<Real, 3, Space> z) {
  for_each_team<Space>(
      executor, chunk_count(windows.count(), window_chunk<Space>),
      WindowSums<Real, Space>{windows, z.extent(1), x.extent(1), weighting, x.data(), weights.data(), z.data()});
}

/// The gradient by given weights: dweights of a row = its inner product with dz. Does not wait.
///
/// Cost: O(C pairs D), no scratch.
///
/// @param dz        (W, C, D)
/// @param x         (N, D)
/// @param dweights  (C pairs) overwritten
template <class Real, class Space, class Executor>
void window_sums_backward_weights(const Executor& executor, View<const Real, 3, Space> dz, View<const Real, 2, Space> x,
                                  const Windows<Space>& windows, View<Real, 1, Space> dweights) {
  for_each_team<Space>(
      executor, chunk_count(windows.count(), window_chunk<Space>),
      WindowWeightGradients<Real, Space>{windows, dz.extent(1), x.extent(1), dz.data(), x.data(), dweights.data()});
}

/// The gradient by the rows: each sums over the windows that hold it, in order; a row that none holds gets zero. Does
/// not wait.
///
/// Cost: O((N + C pairs) D), no scratch.
///
/// @param dz         (W, C, D)
/// @param weights    (C pairs), looked at if they are given
/// @param pair_rows  (pairs, D) added to the row of each pair, or empty
/// @param dx         (N, D), or empty
template <class Real, class Space, class Executor>
void window_sums_backward_steps(const Executor& executor, View<const Real, 3, Space> dz, const Windows<Space>& windows,
                                Weighting weighting, View<const Real, 1, Space> weights,
                                View<const Real, 2, Space> pair_rows, Target<Real, 2, Space> dx) {
  if (!dx) return;
  const Index steps = dx.view.extent(0);
  for_each_team<Space>(
      executor, chunk_count(steps, step_chunk<Space>),
      WindowStepGradients<Real, Space>{windows, steps, dz.extent(1), dz.extent(2), weighting, dz.data(), weights.data(),
                                       pair_rows.data(), dx.view.data(), dx.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
