// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/math.hpp>
#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether a score belongs to a row, the same in every window that holds it, or to a pair of window and row.
enum class ScoreKind { per_row, per_pair };

/// The body of `window_softmax_forward`, which says what it computes.
template <class Real, class Space>
struct WindowSoftmax {
  static inline const std::string label = "longshore::window_softmax";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index candidates;
  bool softmax;
  ScoreKind kind;
  const Real* scores;
  Real* weights;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const Index length = windows.end(w) - windows.begin(w);
      for (Index c = 0; c < candidates; ++c) {
        const std::int64_t start = std::int64_t{windows.pairs(w)} * candidates + std::int64_t{c} * length;
        const Real* from = kind == ScoreKind::per_row ? scores + windows.begin(w) : scores + start;
        if (softmax)
          normalise(team, length, from, weights + start);
        else
          for (Index i = team.rank(); i < length; i += team.size()) weights[start + i] = from[i];
      }
    }
  }

  /// Less the greatest score, so that no exponential overflows.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void normalise(const Team& team, Index length, const Real* from, Real* to) const {
    if (length == 0) return;
    Real greatest = from[0], sum = 0;
    for (Index i = team.rank(); i < length; i += team.size()) greatest = from[i] > greatest ? from[i] : greatest;
    greatest = team.max(greatest);
    for (Index i = team.rank(); i < length; i += team.size()) to[i] = math::exp(from[i] - greatest);
    for (Index i = team.rank(); i < length; i += team.size()) sum += to[i];
    const Real inverse = Real(1) / team.sum(sum);
    for (Index i = team.rank(); i < length; i += team.size()) to[i] *= inverse;
  }
};

/// The body of `window_softmax_backward`, which says what it computes.
template <class Real, class Space>
struct WindowSoftmaxGradient {
  static inline const std::string label = "longshore::window_softmax_gradient";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index candidates;
  const Real* dweights;
  const Real* weights;
  Real* dscores;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const Index length = windows.end(w) - windows.begin(w);
      for (Index c = 0; c < candidates; ++c) {
        const std::int64_t start = std::int64_t{windows.pairs(w)} * candidates + std::int64_t{c} * length;
        const Real* a = weights + start;
        const Real* da = dweights + start;
        Real mean = 0;
        for (Index i = team.rank(); i < length; i += team.size()) mean += a[i] * da[i];
        mean = team.sum(mean);
        for (Index i = team.rank(); i < length; i += team.size()) dscores[start + i] = a[i] * (da[i] - mean);
      }
    }
  }
};

/// Weights from scores, window by window: a = softmax(s), or a = s. Does not wait.
///
/// Cost: O(C pairs), no scratch.
///
/// @param candidates  C
/// @param softmax     false: the scores are the weights
/// @param scores      (N) per row, or (C pairs) per pair, laid out as in `window_sums_forward`
/// @param weights     (C pairs) overwritten; may be the scores per pair
template <class Real, class Space, class Executor>
void window_softmax_forward(const Executor& executor, const Windows<Space>& windows, Index candidates, bool softmax,
                            ScoreKind kind, View<const Real, 1, Space> scores, View<Real, 1, Space> weights) {
  if (!softmax && scores.data() == weights.data()) return;
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       WindowSoftmax<Real, Space>{windows, candidates, softmax, kind, scores.data(), weights.data()});
}

/// ds = a (da - sum a da), window by window: the gradient of a softmax. Does not wait.
///
/// Cost: O(C pairs), no scratch.
///
/// @param dweights  (C pairs)
/// @param weights   (C pairs) what forward gave
/// @param dscores   (C pairs) overwritten; may be dweights
template <class Real, class Space, class Executor>
void window_softmax_backward(const Executor& executor, const Windows<Space>& windows, Index candidates,
                             View<const Real, 1, Space> dweights, View<const Real, 1, Space> weights,
                             View<Real, 1, Space> dscores) {
  for_each_team<Space>(
      executor, chunk_count(windows.count(), window_chunk<Space>),
      WindowSoftmaxGradient<Real, Space>{windows, candidates, dweights.data(), weights.data(), dscores.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
