// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>
#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Copies the rows of one window behind those of the windows before it.
template <class Real, class Space>
struct CutWindow {
  static inline const std::string label = "longshore::cut_windows_forward";
  static constexpr int team_size = 64;
  View<const Real, 2, Space> steps;
  Windows<Space> windows;
  View<Real, 2, Space> rows;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index w = team.league();
    const Real* from = steps.row(windows.begin(w));
    Real* to = rows.row(windows.pairs(w));
    const std::int64_t size = static_cast<std::int64_t>(windows.end(w) - windows.begin(w)) * steps.extent(1);
    for (std::int64_t e = team.rank(); e < size; e += team.size()) to[e] = from[e];
  }
};

/// Sums, for one step, the gradients of its copies in the order of the windows.
template <class Real, class Space>
struct JoinCuts {
  static inline const std::string label = "longshore::cut_windows_backward";
  static constexpr int team_size = 64;
  View<const Real, 2, Space> drows;
  Windows<Space> windows;
  Target<Real, 2, Space> dsteps;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index n = team.league(), features = dsteps.view.extent(1);
    Real* to = dsteps.view.row(n);
    if (!dsteps.adds())
      for (Index d = team.rank(); d < features; d += team.size()) to[d] = 0;
    const Index last = windows.last_with(n);
    for (Index w = windows.first_with(n); w < last; ++w) {
      const Real* from = drows.row(windows.pairs(w) + (n - windows.begin(w)));
      for (Index d = team.rank(); d < features; d += team.size()) to[d] += from[d];
    }
  }
};

/// Copies the rows of each window, one window after the other. Does not wait.
///
/// Cost: O(pairs D), no scratch.
///
/// @param steps    (N, D)
/// @param windows  (W)
/// @param rows     (pairs, D) overwritten
template <class Real, class Space, class Executor>
void cut_windows_forward(const Executor& executor, View<const Real, 2, Space> steps, const Windows<Space>& windows,
                         View<Real, 2, Space> rows) {
  for_each_team<Space>(executor, windows.count(), CutWindow<Real, Space>{steps, windows, rows});
}

/// The gradient by the steps: the sum over the windows that hold a step. Does not wait.
///
/// Cost: O((N + pairs) D + N log W), no scratch.
///
/// @param drows   (pairs, D)
/// @param dsteps  (N, D); steps in no window get zeros
template <class Real, class Space, class Executor>
void cut_windows_backward(const Executor& executor, View<const Real, 2, Space> drows, const Windows<Space>& windows,
                          Target<Real, 2, Space> dsteps) {
  if (dsteps) for_each_team<Space>(executor, dsteps.view.extent(0), JoinCuts<Real, Space>{drows, windows, dsteps});
}

}  // namespace longshore::inline LONGSHORE_ABI
