// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/sum_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The loss of one logit and its derivative.
template <class Real>
struct BinaryCrossEntropyTerm {
  const Real* scores;
  const float* labels;
  const float* weights;  // null: 1
  Real scale;
  Real* derivative;  // null: not wanted
  KOKKOS_INLINE_FUNCTION Real operator()(std::int64_t i) const {
    const Real x = scores[i], y = static_cast<Real>(labels[i]);
    const Real weight = weights ? scale * static_cast<Real>(weights[i]) : scale;
    const Real size = math::size_of(x);
    if (derivative) {  // sigmoid(x) - y, in terms that keep their digits where both are nearly 1
      const Real less = math::exp(-size), near = Real(1) / (Real(1) + less), far = less * near;
      const Real of_x = x < Real(0) ? far : near, of_minus_x = x < Real(0) ? near : far;
      derivative[i] = weight * ((Real(1) - y) * of_x - y * of_minus_x);
    }
    // log(1 + e^x) - x y in terms that are never negative: the difference would lose the digits of a small loss.
    return weight * (size * (x < Real(0) ? y : Real(1) - y) + math::softplus(-size));
  }
};

/// Numbers (double) of scratch that `binary_cross_entropy_forward` needs for so many scores.
inline std::size_t binary_cross_entropy_workspace(std::int64_t scores) { return sum_terms_workspace(scores); }

/// Sum of scale weight (log(1 + e^x) - x y) in a fixed order, and its derivative by each score in the same pass:
/// backward is `scale_derivative`. For labels 0 and 1 each term and its derivative have a few roundings of their own
/// size, however small they are; for a label between them the derivative has those of a number of its size. Does not
/// wait.
///
/// Source: Cox 1958.
/// Cost: O(B C); scratch one number for every 512 scores.
///
/// @param scores      (B, C) logits
/// @param labels      (B, C) in [0, 1]
/// @param weights     (B, C) or empty for 1
/// @param scale       of each term: 1 / (B C) for a mean
/// @param loss        (1) overwritten
/// @param derivative  (B, C) overwritten, or empty where nobody wants it
/// @param workspace   binary_cross_entropy_workspace(B C) numbers
template <class Real, class Space, class Executor>
void binary_cross_entropy_forward(const Executor& executor, View<const Real, 2, Space> scores,
                                  View<const float, 2, Space> labels, View<const float, 2, Space> weights, Real scale,
                                  View<Real, 1, Space> loss, View<Real, 2, Space> derivative,
                                  View<double, 1, Space> workspace) {
  const BinaryCrossEntropyTerm<Real> term{scores.data(), labels.data(), weights.data(), scale, derivative.data()};
  sum_terms<Real, Space>(executor, static_cast<std::int64_t>(scores.size()), term, loss, workspace);
}

}  // namespace longshore::inline LONGSHORE_ABI
