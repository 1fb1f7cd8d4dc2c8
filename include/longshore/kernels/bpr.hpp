// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/sum_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The loss of one example: its first candidate against each of the others.
template <class Real>
struct BprTerm {
  const Real* scores;
  const float* weights;  // (B, C), the first column counts; null: 1
  Index candidates;
  Real scale;
  Real* derivative;  // null: not wanted
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t b) const {
    const Real* row = scores + b * candidates;
    const Real weight = weights ? scale * static_cast<Real>(weights[b * candidates]) : scale;
    Real sum = 0, first = 0;
    for (Index c = 1; c < candidates; ++c) {
      const Real behind = row[c] - row[0];
      sum += math::softplus(behind);
      const Real slope = weight * math::sigmoid(behind);
      if (derivative) derivative[b * candidates + c] = slope;
      first -= slope;
    }
    if (derivative) derivative[b * candidates] = first;
    return weight * sum;
  }
};

/// Numbers (double) of scratch that `bpr_forward` needs for B rows.
inline std::size_t bpr_workspace(std::int64_t rows) { return sum_terms_workspace(rows); }

/// Sum over (b, c > 0) of scale weight_b log(1 + e^(x_c - x_0)), in a fixed order, and its derivative by each score in
/// the same pass: backward is `scale_derivative`. Does not wait.
///
/// Source: Rendle et al. 2009, section 4.1.
/// Cost: O(B C); scratch one number for every 512 rows.
///
/// @param scores      (B, C) the positive, then negatives
/// @param weights     (B, C) of which column 0 counts, or empty for 1
/// @param scale       of each term: 1 / (B (C - 1)) for a mean
/// @param loss        (1) overwritten
/// @param derivative  (B, C) overwritten, or empty where nobody wants it
/// @param workspace   bpr_workspace(B) numbers
template <class Real, class Space, class Executor>
void bpr_forward(const Executor& executor, View<const Real, 2, Space> scores, View<const float, 2, Space> weights,
                 Real scale, View<Real, 1, Space> loss, View<Real, 2, Space> derivative,
                 View<double, 1, Space> workspace) {
  const BprTerm<Real> term{scores.data(), weights.data(), scores.extent(1), scale, derivative.data()};
  sum_terms<Real, Space>(executor, scores.extent(0), term, loss, workspace);
}

}  // namespace longshore::inline LONGSHORE_ABI
