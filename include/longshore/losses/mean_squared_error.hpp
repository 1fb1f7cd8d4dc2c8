// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

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

/// Squared error of predicted values: ratings.
///
///   loss = mean over (b, c) of weight (x - y)²
///
/// Models: loss on scores. Cost: O(B C).
/// Source: Koren et al. 2009, equation 2, without its L2 term: that is the optimiser's weight decay.
/// Differs from PyTorch's MSELoss: may weigh examples.
struct MeanSquaredError {
  static constexpr const char* name = "MeanSquaredError";
  Reduction reduction = Reduction::mean;

  /// @param scores   (B, C) predicted values
  /// @param labels   (B, C) true values
  /// @param weights  (B, C) or empty for 1
  /// @return         (1)
  /// @throws ShapeError if labels or weights have other extents
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores,
                                   const View<const float, 2, Space>& labels,
                                   const View<const float, 2, Space>& weights = {}) const {
    check_like_scores(name, "labels", scores, labels, false);
    check_like_scores(name, "weights", scores, weights, true);
    const auto count = static_cast<std::int64_t>(scores.data.size());
    const auto scale = static_cast<Real>(reduction_scale(reduction, count));
    return score_loss(context, count, scores, [&](Real* derivative) {
      return MeanSquaredErrorTerm<Real>{scores.data.data(), labels.data(), weights.data(), scale, derivative};
    });
  }

  /// @param batch  its `labels` and `weights` count
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores, const auto& batch) const
    requires requires {
      batch.labels;
      batch.weights;
    }
  {
    return (*this)(context, scores, batch.labels, batch.weights);
  }
  void operator()(auto&, ...) const = delete;  // MeanSquaredError: give scores and labels, both (B, C), or a batch
};

}  // namespace longshore::inline LONGSHORE_ABI
