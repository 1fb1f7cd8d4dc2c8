// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/sum_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The loss of one example: its first candidate among all its candidates.
template <class Real>
struct SampledSoftmaxTerm {
  const Real* scores;
  const float* log_q;    // (B, C); null: no correction
  const Id* ids;         // (B, C); null: accidental hits stay
  const float* weights;  // (B, C), the first column counts; null: 1
  Index candidates;
  Real scale;
  Real* derivative;  // null: not wanted

  KOKKOS_INLINE_FUNCTION bool counts(std::int64_t row, Index c) const {
    return c == 0 || !ids || ids[row + c] != ids[row];
  }
  KOKKOS_INLINE_FUNCTION Real corrected(std::int64_t row, Index c) const {
    return log_q ? scores[row + c] - static_cast<Real>(log_q[row + c]) : scores[row + c];
  }
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t b) const {
    const std::int64_t row = b * candidates;
    const Real weight = weights ? scale * static_cast<Real>(weights[row]) : scale;
    Real most = corrected(row, 0);
    Index greatest = 0;
    for (Index c = 1; c < candidates; ++c)
      if (counts(row, c) && corrected(row, c) > most) {
        most = corrected(row, c);
        greatest = c;
      }
    Real sum = 0, rest = 0;  // rest: without the greatest, whose 1 would swallow the digits of a small loss
    for (Index c = 0; c < candidates; ++c) {
      if (!counts(row, c)) continue;
      const Real term = math::exp(corrected(row, c) - most);
      sum += term;
      if (c != greatest) rest += term;
    }
    if (derivative)
      for (Index c = 0; c < candidates; ++c) {
        const Real share = counts(row, c) ? math::exp(corrected(row, c) - most) / sum : Real(0);
        derivative[row + c] = weight * (share - (c == 0 ? Real(1) : Real(0)));
      }
    return weight * ((most - corrected(row, 0)) + math::log1p(rest));  // in this order: equal scores cancel exactly
  }
};

/// Numbers (double) of scratch that `sampled_softmax_forward` needs for B rows.
inline std::size_t sampled_softmax_workspace(std::int64_t rows) { return sum_terms_workspace(rows); }

/// Sum over b of scale weight_b (log sum_c e^(z_c) - z_0), z = x - log_q, in a fixed order, and its derivative by each
/// score in the same pass: backward is `scale_derivative`. Does not wait.
///
/// Source: Bengio and Senecal 2008; the correction: Yi et al. 2019.
/// Cost: O(B C), C > 0; scratch one number for every 512 rows.
///
/// @param scores      (B, C) the positive, then negatives
/// @param ids         (B, C) of the candidates: those equal to the positive's are left out; or empty: none is
/// @param log_q       (B, C) log probability of each candidate to be drawn, or empty for no correction
/// @param weights     (B, C) of which column 0 counts, or empty for 1
/// @param scale       of each term: 1 / B for a mean
/// @param loss        (1) overwritten
/// @param derivative  (B, C) overwritten, or empty where nobody wants it
/// @param workspace   sampled_softmax_workspace(B) numbers
template <class Real, class Space, class Executor>
void sampled_softmax_forward(const Executor& executor, View<const Real, 2, Space> scores, View<const Id, 2, Space> ids,
                             View<const float, 2, Space> log_q, View<const float, 2, Space> weights, Real scale,
                             View<Real, 1, Space> loss, View<Real, 2, Space> derivative,
                             View<double, 1, Space> workspace) {
  const SampledSoftmaxTerm<Real> term{scores.data(),    log_q.data(), ids.data(),       weights.data(),
                                      scores.extent(1), scale,        derivative.data()};
  sum_terms<Real, Space>(executor, scores.extent(0), term, loss, workspace);
}

}  // namespace longshore::inline LONGSHORE_ABI
