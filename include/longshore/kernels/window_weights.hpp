// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

template <class Real, class Space>
struct WindowWeights {
  static inline const std::string label = "longshore::window_weights";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  bool shares;
  const float* of_rows;
  Real* weights;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w)
      weigh(team, windows.end(w) - windows.begin(w), of_rows + windows.begin(w), weights + windows.pairs(w));
  }

  /// Divided by the greatest first, so that no sum overflows and the smallest weights keep their digits.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void weigh(const Team& team, Index length, const float* from, Real* to) const {
    Real divisor = 1, inverse = 1;
    if (shares) {
      float greatest = 0;
      for (Index i = team.rank(); i < length; i += team.size()) greatest = from[i] > greatest ? from[i] : greatest;
      greatest = team.max(greatest);
      if (greatest > 0) {
        Real sum = 0;
        divisor = static_cast<Real>(greatest);
        for (Index i = team.rank(); i < length; i += team.size()) sum += static_cast<Real>(from[i]) / divisor;
        inverse = Real(1) / team.sum(sum);
      }
    }
    for (Index i = team.rank(); i < length; i += team.size()) to[i] = static_cast<Real>(from[i]) / divisor * inverse;
  }
};

/// How much each row of each window counts: the weights of the rows, or each one's share of their sum in its window.
/// Does not wait.
///
/// The shares are zeros where all weights of a window are 0. What `window_sums_forward` takes as given weights.
///
/// Cost: O(pairs), no scratch.
///
/// @param shares   whether they are divided by their sum
/// @param of_rows  (N) at least 0
/// @param weights  (pairs) overwritten
template <class Real, class Space, class Executor>
void window_weights(const Executor& executor, const Windows<Space>& windows, bool shares,
                    View<const float, 1, Space> of_rows, View<Real, 1, Space> weights) {
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       WindowWeights<Real, Space>{windows, shares, of_rows.data(), weights.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
