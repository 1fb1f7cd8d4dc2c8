// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/bpr.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Bayesian personalised ranking: the positive (candidate 0) shall score above each negative.
///
///   loss = mean over (b, c > 0) of weight_b log(1 + e^(x_c - x_0))
///
/// Models: loss on scores. Cost: O(B C).
/// Source: Rendle et al. 2009, "BPR: Bayesian personalized ranking from implicit feedback", section 4.1 (without its L2
/// term: that is the optimiser's weight decay).
struct Bpr {
  static constexpr const char* name = "Bpr";
  Reduction reduction = Reduction::mean;

  /// @param scores   (B, C) C at least 2: the positive, then negatives
  /// @param weights  (B, C) of which column 0 counts, or empty for 1
  /// @return         (1)
  /// @throws ShapeError if there is no negative or weights have other extents
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores,
                                   const View<const float, 2, Space>& weights = {}) const {
    expects(scores.extent(1) >= 2, "Bpr: a positive and at least one negative a row are expected, the scores have ",
            scores.extent(1), " columns");
    check_like_scores(name, "weights", scores, weights, true);
    const Index rows = scores.extent(0), candidates = scores.extent(1);
    const auto scale = static_cast<Real>(reduction_scale(reduction, std::int64_t{rows} * (candidates - 1)));
    const auto workspace = scratch<double>(context, bpr_workspace(rows));
    return score_loss(context, scores, [&](const auto& loss, const auto& derivative) {
      bpr_forward<Real, Space>(context.executor(), scores.data, weights, scale, loss, derivative, workspace);
    });
  }

  /// @param batch  candidate 0 of each example is the positive
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores, const auto& batch) const
    requires requires { batch.weights; }
  {
    return (*this)(context, scores, batch.weights);
  }
  void operator()(auto&, ...) const = delete;  // Bpr: give scores (B, C), then weights (B, C) or a batch
};

}  // namespace longshore::inline LONGSHORE_ABI
