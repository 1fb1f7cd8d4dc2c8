// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/log_weight.hpp>
#include <longshore/core/math.hpp>
#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `window_weights`, which says what it computes.
template <class Real, class Space, class Weight>
struct WindowWeights {
  static inline const std::string label = "longshore::window_weights";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  bool shares;
  const Weight* of_rows;
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

  /// The differences are taken in double: of large numbers, as ages in half-lives are, float has no digits left.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void weigh(const Team& team, Index length, const LogWeight* from, Real* to) const {
    constexpr double least = -1.7976931348623157e308, ln2 = 0.69314718055994531, nothing = -1e4;
    double greatest = least;
    for (Index i = team.rank(); i < length; i += team.size())
      greatest = from[i].log2 > greatest ? from[i].log2 : greatest;
    greatest = team.max(greatest);
    Real sum = 0;
    for (Index i = team.rank(); i < length; i += team.size()) {
      const double power = (from[i].log2 - greatest) * ln2;
      to[i] = math::exp(static_cast<Real>(power < nothing ? nothing : power));  // 0 from there on, and no float has it
      sum += to[i];
    }
    if (!shares) return;
    sum = team.sum(sum);
    const Real inverse = sum > 0 ? Real(1) / sum : Real(1);
    for (Index i = team.rank(); i < length; i += team.size()) to[i] *= inverse;
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
/// @param of_rows  (N) finite and at least 0
/// @param weights  (pairs) overwritten
template <class Real, class Space, class Executor>
void window_weights(const Executor& executor, const Windows<Space>& windows, bool shares,
                    View<const float, 1, Space> of_rows, View<Real, 1, Space> weights) {
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       WindowWeights<Real, Space, float>{windows, shares, of_rows.data(), weights.data()});
}

/// The same of logarithms, of which only the differences within a window count: the weights are relative to the
/// greatest of their window, which is 1. Does not wait.
///
/// Cost: O(pairs), no scratch.
///
/// @param shares   whether they are divided by their sum
/// @param of_rows  (N) finite, or minus infinity for a weight of 0; any size
/// @param weights  (pairs) overwritten
template <class Real, class Space, class Executor>
void window_weights(const Executor& executor, const Windows<Space>& windows, bool shares,
                    View<const LogWeight, 1, Space> of_rows, View<Real, 1, Space> weights) {
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       WindowWeights<Real, Space, LogWeight>{windows, shares, of_rows.data(), weights.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
