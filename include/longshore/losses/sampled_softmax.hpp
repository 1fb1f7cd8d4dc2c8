// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/math.hpp>
#include <longshore/losses/reduction.hpp>
#include <longshore/losses/score_loss.hpp>

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
    for (Index c = 1; c < candidates; ++c)
      if (counts(row, c) && corrected(row, c) > most) most = corrected(row, c);
    Real sum = 0;
    for (Index c = 0; c < candidates; ++c)
      if (counts(row, c)) sum += math::exp(corrected(row, c) - most);
    if (derivative)
      for (Index c = 0; c < candidates; ++c) {
        const Real share = counts(row, c) ? math::exp(corrected(row, c) - most) / sum : Real(0);
        derivative[row + c] = weight * (share - (c == 0 ? Real(1) : Real(0)));
      }
    return weight * ((most - corrected(row, 0)) + math::log(sum));  // in this order: equal scores cancel exactly
  }
};

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
    return score_loss(context, scores.extent(0), scores, [&](Real* derivative) {
      return SampledSoftmaxTerm<Real>{scores.data.data(), log_q.data(),     remove_hits ? ids.data() : nullptr,
                                      weights.data(),     scores.extent(1), scale,
                                      derivative};
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
