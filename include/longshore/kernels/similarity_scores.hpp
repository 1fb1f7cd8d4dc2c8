// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/kernels/last_step.hpp>
#include <longshore/kernels/window_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a step of a window is compared with: each of the other steps, the mean of all, or the last.
enum class SimilarityReference { others, mean, last };

/// What the inner products of a window are multiplied by. With the others: their mean, and nothing where there are
/// none.
template <class Real>
KOKKOS_INLINE_FUNCTION Real similarity_factor(SimilarityReference against, Real scale, Index length) {
  if (against != SimilarityReference::others) return scale;
  return length > 1 ? scale / static_cast<Real>(length - 1) : Real(0);
}

/// The body of `similarity_scores_forward`, which says what it computes.
template <class Real, class Space>
struct SimilarityScores {
  static inline const std::string label = "longshore::similarity_scores";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index features;
  SimilarityReference against;
  Real scale;
  const Real* x;
  const Real* reference;
  Real* scores;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const Index begin = windows.begin(w), length = windows.end(w) - begin;
      const Real factor = similarity_factor(against, scale, length);
      const Real* with = reference + std::int64_t{w} * features;
      Real* to = scores + windows.pairs(w);
      for (Index i = team.rank(); i < length; i += team.size()) {
        const Real* row = x + std::int64_t{begin + i} * features;
        Real score = dot(row, with, features);
        if (against == SimilarityReference::others) score -= dot(row, row, features);
        to[i] = factor * score;
      }
    }
  }
};

/// Multiplies the gradients by the scores of each window by its factor.
template <class Real, class Space>
struct SimilarityFactors {
  static inline const std::string label = "longshore::similarity_factors";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  SimilarityReference against;
  Real scale;
  Real* dscores;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * window_chunk<Space>;
    for (Index w = first; w < chunk_end(first, window_chunk<Space>, windows.count()); ++w) {
      const Index length = windows.end(w) - windows.begin(w);
      const Real factor = similarity_factor(against, scale, length);
      for (Index i = team.rank(); i < length; i += team.size()) dscores[windows.pairs(w) + i] *= factor;
    }
  }
};

/// The body of `similarity_scores_backward`, which says what it computes.
template <class Real, class Space>
struct SimilarityGradient {
  static inline const std::string label = "longshore::similarity_gradient";
  static constexpr int team_size = 64;
  Windows<Space> windows;
  Index steps, features;
  SimilarityReference against;
  const Real* dproducts;  // (pairs) by the inner products
  const Real* x;
  const Real* reference;   // (W, D)
  const Real* dreference;  // (W, D)
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
      Real own = 0;
      for (Index w = holder; w < windows.count() && windows.begin(w) <= row; ++w) {
        const Index length = windows.end(w) - windows.begin(w);
        const Real product = dproducts[windows.pairs(w) + row - windows.begin(w)];
        Real part = 1;  // of the row in the reference
        if (against == SimilarityReference::others) own -= 2 * product;
        if (against == SimilarityReference::mean) part = Real(1) / static_cast<Real>(length);
        if (against == SimilarityReference::last) part = windows.end(w) == row + 1 ? Real(1) : Real(0);
        put(team, product, reference + std::int64_t{w} * features, part, dreference + std::int64_t{w} * features, to);
      }
      const Real* same = x + std::int64_t{row} * features;
      if (against == SimilarityReference::others)
        for (Index d = team.rank(); d < features; d += team.size()) to[d] += own * same[d];
    }
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void put(const Team& team, Real product, const Real* with, Real part, const Real* dwith,
                                  Real* to) const {
    for (Index d = team.rank(); d < features; d += team.size()) to[d] += product * with[d] + part * dwith[d];
  }
};

/// How similar each step of a window is to the others, to their mean or to the last: inner products. Does not wait.
///
///   others:  s_t = scale / (T - 1)  sum over u != t  x_t . x_u        (0 where T is 1)
///   mean:    s_t = scale  x_t . mean(x)                                 last:  s_t = scale  x_t . x_T
///
/// Cost: O((W + pairs) D), with the others too: their sum is made once a window; no scratch.
///
/// @param x          (N, D)
/// @param reference  (W, D) overwritten: the sum, mean or last row of each window, for backward too
/// @param scores     (pairs) overwritten
template <class Real, class Space, class Executor>
void similarity_scores_forward(const Executor& executor, SimilarityReference against, Real scale,
                               View<const Real, 2, Space> x, const Windows<Space>& windows,
                               View<Real, 2, Space> reference, View<Real, 1, Space> scores) {
  const auto weighting = against == SimilarityReference::mean ? Weighting::mean : Weighting::sum;
  if (against == SimilarityReference::last)
    last_step_forward<Real, Space>(executor, x, windows, reference);
  else
    window_sums_forward<Real, Space>(executor, x, windows, weighting, {},
                                     reshape(reference, windows.count(), 1, x.extent(1)));
  for_each_team<Space>(
      executor, chunk_count(windows.count(), window_chunk<Space>),
      SimilarityScores<Real, Space>{windows, x.extent(1), against, scale, x.data(), reference.data(), scores.data()});
}

/// The gradient by the rows; each sums over the windows that hold it, in their order. Does not wait.
///
/// Cost: O((N + W + pairs) D); scratch: dreference.
///
/// @param dscores     (pairs) overwritten by scratch
/// @param reference   (W, D) what forward gave
/// @param dreference  (W, D) overwritten by scratch
/// @param dx          (N, D), or empty
template <class Real, class Space, class Executor>
void similarity_scores_backward(const Executor& executor, SimilarityReference against, Real scale,
                                View<Real, 1, Space> dscores, View<const Real, 2, Space> x,
                                const Windows<Space>& windows, View<const Real, 2, Space> reference,
                                View<Real, 2, Space> dreference, Target<Real, 2, Space> dx) {
  if (!dx) return;
  const Index steps = x.extent(0), features = x.extent(1);
  for_each_team<Space>(executor, chunk_count(windows.count(), window_chunk<Space>),
                       SimilarityFactors<Real, Space>{windows, against, scale, dscores.data()});
  window_sums_forward<Real, Space>(executor, x, windows, Weighting::given, dscores,
                                   reshape(dreference, windows.count(), 1, features));
  for_each_team<Space>(executor, chunk_count(steps, step_chunk<Space>),
                       SimilarityGradient<Real, Space>{windows, steps, features, against, dscores.data(), x.data(),
                                                       reference.data(), dreference.data(), dx.view.data(), dx.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
