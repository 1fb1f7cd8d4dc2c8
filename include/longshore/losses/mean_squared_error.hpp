// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/mean_squared_error.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

namespace longshore::inline LONGSHORE_ABI {

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
    const auto workspace = scratch<double>(context, mean_squared_error_workspace(count));
    return score_loss(context, scores, [&](const auto& loss, const auto& derivative) {
      mean_squared_error_forward<Real, Space>(context.executor(), scores.data, labels, weights, scale, loss, derivative,
                                              workspace);
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
