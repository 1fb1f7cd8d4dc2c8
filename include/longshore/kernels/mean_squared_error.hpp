// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/view.hpp>
#include <longshore/kernels/sum_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The loss of one score and its derivative.
template <class Real>
struct MeanSquaredErrorTerm {
  const Real* scores;
  const float* labels;
  const float* weights;  // null: 1
  Real scale;
  Real* derivative;  // null: not wanted
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t i) const {
    const Real x = scores[i], y = static_cast<Real>(labels[i]);
    const Real weight = weights ? scale * static_cast<Real>(weights[i]) : scale;
    if (derivative) derivative[i] = weight * Real(2) * (x - y);
    return weight * (x - y) * (x - y);
  }
};

/// Numbers (double) of scratch that `mean_squared_error_forward` needs for so many scores.
inline std::size_t mean_squared_error_workspace(std::int64_t scores) { return sum_terms_workspace(scores); }

/// Sum of scale weight (x - y)² in a fixed order, and its derivative by each score in the same pass: backward is
/// `scale_derivative`. Does not wait.
///
/// Source: elementary.
/// Cost: O(B C); scratch one number for every 512 scores.
///
/// @param scores      (B, C) predicted values
/// @param labels      (B, C) true values
/// @param weights     (B, C) or empty for 1
/// @param scale       of each term: 1 / (B C) for a mean
/// @param loss        (1) overwritten
/// @param derivative  (B, C) overwritten, or empty where nobody wants it
/// @param workspace   mean_squared_error_workspace(B C) numbers
template <class Real, class Space, class Executor>
void mean_squared_error_forward(const Executor& executor, View<const Real, 2, Space> scores,
                                View<const float, 2, Space> labels, View<const float, 2, Space> weights, Real scale,
                                View<Real, 1, Space> loss, View<Real, 2, Space> derivative,
                                View<double, 1, Space> workspace) {
  const MeanSquaredErrorTerm<Real> term{scores.data(), labels.data(), weights.data(), scale, derivative.data()};
  sum_terms<Real, Space>(executor, static_cast<std::int64_t>(scores.size()), term, loss, workspace);
}

}  // namespace longshore::inline LONGSHORE_ABI
