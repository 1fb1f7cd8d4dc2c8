// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `last_step_forward`, which says what it computes.
template <class Real, class Space>
struct LastStepOfWindows {
  static inline const std::string label = "longshore::last_step";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index features;
  const Real* x;
  Real* z;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const bool filled = windows.begin(w) < windows.end(w);
      const Real* from = x + std::int64_t{filled ? windows.end(w) - 1 : 0} * features;
      for (Index d = team.rank(); d < features; d += team.size())
        z[std::int64_t{w} * features + d] = filled ? from[d] : Real(0);
    }
  }
};

/// The body of `last_step_backward`, which says what it computes.
template <class Real, class Space>
struct LastStepGradient {
  static inline const std::string label = "longshore::last_step_gradient";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index steps, features;
  const Real* dz;
  Real* dx;
  Update update;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * step_chunk<Space>;
    Index holder = windows.first_with(first);
    for (Index row = first; row < chunk_end(first, step_chunk<Space>, steps); ++row) {
      while (holder < windows.count() && windows.end(holder) <= row) ++holder;
      Real* to = dx + std::int64_t{row} * features;
      if (update == Update::write)
        for (Index d = team.rank(); d < features; d += team.size()) to[d] = 0;
      // Ends do not decrease: the windows that end with this row come first among those that hold it.
      for (Index w = holder; w < windows.count() && windows.begin(w) <= row && windows.end(w) == row + 1; ++w)
        for (Index d = team.rank(); d < features; d += team.size()) to[d] += dz[std::int64_t{w} * features + d];
    }
  }
};

/// z of a window = its last row. Empty windows give zeros. Does not wait.
///
/// Source: Cho et al. 2014.
/// Cost: O(W D), no scratch.
///
/// @param x  (N, D)
/// @param z  (W, D) overwritten
template <class Real, class Space, class Executor>
void last_step_forward(const Executor& executor, View<const Real, 2, Space> x, const Windows<Space>& windows,
                       View<Real, 2, Space> z) {
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       LastStepOfWindows<Real, Space>{windows, x.extent(1), x.data(), z.data()});
}

/// The gradient goes to the last row of each window, in the order of the windows; every other row gets zero. Does not
/// wait.
///
/// Cost: O((N + W) D), no scratch.
///
/// @param dz  (W, D)
/// @param dx  (N, D), or empty
template <class Real, class Space, class Executor>
void last_step_backward(const Executor& executor, View<const Real, 2, Space> dz, const Windows<Space>& windows,
                        Target<Real, 2, Space> dx) {
  if (!dx) return;
  const Index steps = dx.view.extent(0);
  for_each_team<Space>(
      executor, chunk_count(steps, step_chunk<Space>),
      LastStepGradient<Real, Space>{windows, steps, dz.extent(1), dz.data(), dx.view.data(), dx.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
