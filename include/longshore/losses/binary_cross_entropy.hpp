// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/binary_cross_entropy.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Binary cross-entropy of logits: each candidate of each example is a click or not.
///
///   loss = mean over (b, c) of weight (log(1 + e^x) - x y)
///
/// Models: loss on scores. Cost: O(B C).
/// Source: Cox 1958 (logistic regression); as a recommender's loss with sampled negatives He et al. 2017 (NCF).
/// Differs from PyTorch's BCEWithLogitsLoss: nothing; labels may be anything in [0, 1].
struct BinaryCrossEntropy {
  static constexpr const char* name = "BinaryCrossEntropy";
  Reduction reduction = Reduction::mean;

  /// @param scores   (B, C) logits
  /// @param labels   (B, C) in [0, 1]
  /// @param weights  (B, C) or empty for 1
  /// @return         (1)
  /// @throws ShapeError if labels or weights have other extents
  /// @throws DataError  on a host, if a label is outside [0, 1]: a rating, say
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores,
                                   const View<const float, 2, Space>& labels,
                                   const View<const float, 2, Space>& weights = {}) const {
    check_like_scores(name, "labels", scores, labels, false);
    check_like_scores(name, "weights", scores, weights, true);
    if constexpr (is_host_space<Space>) check_labels(labels);
    const auto count = static_cast<std::int64_t>(scores.data.size());
    const auto scale = static_cast<Real>(reduction_scale(reduction, count));
    const auto workspace = scratch<double>(context, binary_cross_entropy_workspace(count));
    return score_loss(context, scores, [&](const auto& loss, const auto& derivative) {
      binary_cross_entropy_forward<Real, Space>(context.executor(), scores.data, labels, weights, scale, loss,
                                                derivative, workspace);
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
  void operator()(auto&, ...) const = delete;  // BinaryCrossEntropy: give scores and labels, both (B, C), or a batch

 private:
  // One that is not finite makes the loss so, which the optimiser reports with the step.
  template <class Space>
  static void check_labels(const View<const float, 2, Space>& labels) {
    const auto is_good = [&](std::size_t i) {
      const float y = labels.data()[i];
      return (y >= 0 && y <= 1) || !math::is_finite(y);
    };
    bool good = true;
    for (std::size_t i = 0; i < labels.size(); ++i) good &= is_good(i);
    for (std::size_t i = 0; !good && i < labels.size(); ++i)
      expects<DataError>(is_good(i), name, ": labels lie in [0, 1], number ", i, " is ", labels.data()[i]);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
