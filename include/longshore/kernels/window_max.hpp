// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `window_max_forward`, which says what it computes.
template <class Real, class Space>
struct WindowMax {
  static inline const std::string label = "longshore::window_max";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index features;
  const Real* x;
  Real* z;
  Index* chosen;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    const Index last = chunk_end(first, window_chunk<Space>, windows.count());
    for (Index w = first; w < last; ++w) {
      Real* best = z + std::int64_t{w} * features;
      Index* where = chosen + std::int64_t{w} * features;
      const Index begin = windows.begin(w), end = windows.end(w);
      const Real* from = x + std::int64_t{begin} * features;
      if (begin < end)
        take_first(team, begin, features, from, best, where);
      else
        take_nothing(team, features, best, where);
      for (Index row = begin + 1; row < end; ++row) {
        from += features;
        take_greater(team, row, features, from, best, where);
      }
    }
  }

  // `count` is handed over: what is written to `where` might be a member, for all the compiler knows.
  template <class Team>
  KOKKOS_INLINE_FUNCTION static void take_nothing(const Team& team, Index count, Real* best, Index* where) {
    for (Index d = team.rank(); d < count; d += team.size()) {
      best[d] = 0;
      where[d] = -1;
    }
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION static void take_first(const Team& team, Index row, Index count, const Real* from, Real* best,
                                                Index* where) {
    for (Index d = team.rank(); d < count; d += team.size()) {
      best[d] = from[d];
      where[d] = row;
    }
  }

  /// Not-a-number counts as greatest, as in PyTorch; the first of equals stays.
  template <class Team>
  KOKKOS_INLINE_FUNCTION static void take_greater(const Team& team, Index row, Index count, const Real* from,
                                                  Real* best, Index* where) {
    for (Index d = team.rank(); d < count; d += team.size()) {
      const Real now = from[d], before = best[d];
      const bool greater = (now > before) | ((now != now) & (before == before));
      best[d] = greater ? now : before;
      where[d] = greater ? row : where[d];
    }
  }
};

/// The body of `window_max_backward`, which says what it computes.
template <class Real, class Space>
struct WindowMaxGradient {
  static inline const std::string label = "longshore::window_max_gradient";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index steps, features;
  const Real* dz;
  const Index* chosen;
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
      for (Index w = holder; w < windows.count() && windows.begin(w) <= row; ++w) {
        const Real* from = dz + std::int64_t{w} * features;
        const Index* where = chosen + std::int64_t{w} * features;
        for (Index d = team.rank(); d < features; d += team.size()) to[d] += where[d] == row ? from[d] : Real(0);
      }
    }
  }
};

/// z of a window = the greatest of its rows, feature by feature; the first of equals. Empty windows give zeros. Does
/// not wait.
///
/// Source: Collobert et al. 2011.
/// Cost: O((W + pairs) D); leaves (W, D) rows, no scratch.
///
/// @param x       (N, D)
/// @param z       (W, D) overwritten
/// @param chosen  (W, D) overwritten: the row that each number comes from, -1 for empty windows
template <class Real, class Space, class Executor>
void window_max_forward(const Executor& executor, View<const Real, 2, Space> x, const Windows<Space>& windows,
                        View<Real, 2, Space> z, View<Index, 2, Space> chosen) {
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       WindowMax<Real, Space>{windows, x.extent(1), x.data(), z.data(), chosen.data()});
}

/// The gradient goes to the chosen row of each number; every other element gets zero. Does not wait.
///
/// Cost: O((N + pairs) D), no scratch.
///
/// @param dz      (W, D)
/// @param chosen  (W, D) what forward gave
/// @param dx      (N, D), or empty
template <class Real, class Space, class Executor>
void window_max_backward(const Executor& executor, View<const Real, 2, Space> dz, const Windows<Space>& windows,
                         View<const Index, 2, Space> chosen, Target<Real, 2, Space> dx) {
  if (!dx) return;
  const Index steps = dx.view.extent(0);
  for_each_team<Space>(executor, chunk_count(steps, step_chunk<Space>),
                       WindowMaxGradient<Real, Space>{windows, steps, dz.extent(1), dz.data(), chosen.data(),
                                                      dx.view.data(), dx.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
