// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/sampled_softmax.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Softmax over a positive and sampled negatives, corrected for how they were sampled.
///
///   z_c = x_c - log q_c;  loss = mean over b of weight_b (log sum_c e^(z_c) - z_0)
///
/// Negatives equal to the positive are left out.
///
/// Models: loss on scores. Cost: O(B C).
/// Source: Bengio and Senecal 2008; the correction as in Yi et al. 2019, "Sampling-bias-corrected neural modeling for
/// large corpus item recommendations", where it applies to items of other rows of the batch.
/// With `log_q` empty it is the plain softmax over a group of one positive and C - 1 negatives.
struct SampledSoftmax {
  static constexpr const char* name = "SampledSoftmax";
  Reduction reduction = Reduction::mean;
  bool remove_hits = true;  // leave out negatives that are the positive

  /// @param scores   (B, C) the positive, then negatives
  /// @param ids      (B, C) of the candidates, or empty: then hits cannot be found
  /// @param log_q    (B, C) log probability of each candidate to be drawn, or empty for no correction
  /// @param weights  (B, C) of which column 0 counts, or empty for 1
  /// @return         (1)
  /// @throws ShapeError if extents differ or there is no candidate
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores,
                                   const View<const Id, 2, Space>& ids, const View<const float, 2, Space>& log_q = {},
                                   const View<const float, 2, Space>& weights = {}) const {
    expects(scores.extent(1) >= 1, "SampledSoftmax: a positive a row is expected, the scores have no columns");
    expects(!ids.data() || (ids.extent(0) == scores.extent(0) && ids.extent(1) == scores.extent(1)),
            "SampledSoftmax: ids are ", ids.extent(0), " x ", ids.extent(1), ", the scores ", scores.extent(0), " x ",
            scores.extent(1));
    check_like_scores(name, "log_q", scores, log_q, true);
    check_like_scores(name, "weights", scores, weights, true);
    const auto scale = static_cast<Real>(reduction_scale(reduction, scores.extent(0)));
    const auto workspace = scratch<double>(context, sampled_softmax_workspace(scores.extent(0)));
    return score_loss(context, scores, [&](const auto& loss, const auto& derivative) {
      sampled_softmax_forward<Real, Space>(context.executor(), scores.data,
                                           remove_hits ? ids : View<const Id, 2, Space>(), log_q, weights, scale, loss,
                                           derivative, workspace);
    });
  }

  /// @param batch  candidate 0 of each example is the positive; its `log_q` corrects
  /// @throws ShapeError if there is no negative either: nothing could be learnt
  template <class Real, class Space>
  Value<Real, 1, Space> operator()(auto& context, const Matrix<Real, Space>& scores, const auto& batch) const
    requires requires {
      batch.candidates;
      batch.log_q;
      batch.weights;
    }
  {
    expects(scores.extent(1) >= 2, "SampledSoftmax: a positive and at least one negative an example are expected, the ",
            "batch has ", scores.extent(1), " candidates an example");
    return (*this)(context, scores, batch.candidates, batch.log_q, batch.weights);
  }
  void operator()(auto&, ...) const = delete;  // SampledSoftmax: give scores and ids, both (B, C), or a batch
};

}  // namespace longshore::inline LONGSHORE_ABI
