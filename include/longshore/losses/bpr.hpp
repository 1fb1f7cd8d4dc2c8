// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

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
    return score_loss(context, rows, scores, [&](Real* derivative) {
      return BprTerm<Real>{scores.data.data(), weights.data(), candidates, scale, derivative};
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
