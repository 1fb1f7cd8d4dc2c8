// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/sum_terms.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A loss on a score matrix whose kernel gives its derivative too, and its backward step: what all losses on scores are
/// made of.
///
/// Cost: that of the kernel; in training (B, C) numbers of the arena for the derivative.
///
/// @param scores   (B, C)
/// @param forward  called with where the loss goes, (1), and where its derivative by each score is kept, (B, C), which
///                 is empty in inference; writes every place of both
/// @return         (1)
template <class Real, class Space, class Forward>
Value<Real, 1, Space> score_loss(auto& context, const Matrix<Real, Space>& scores, const Forward& forward) {
  check_values("score_loss", context, scores);
  const auto loss = make_value<Real>(context, 1);
  View<Real, 2, Space> derivative;
  if (std::remove_cvref_t<decltype(context)>::training)
    derivative = scratch<Real>(context, scores.extent(0), scores.extent(1));
  forward(loss.data, derivative);
  context.record(loss, [scores, loss, derivative](auto& c) {
    scale_derivative<Real, 2, Space>(c.executor(), derivative, c.gradient_of(loss), c.gradient_to(scores));
  });
  return loss;
}

/// Refuses labels or weights of other extents than the scores'. Cost: O(1).
///
/// @throws ShapeError naming the loss
template <class Real, class Space>
void check_like_scores(const char* loss, const char* what, const Matrix<Real, Space>& scores,
                       const View<const float, 2, Space>& given, bool may_be_empty) {
  if (may_be_empty && !given.data()) return;
  expects(given.extent(0) == scores.extent(0) && given.extent(1) == scores.extent(1), loss, ": ", what, " are ",
          given.extent(0), " x ", given.extent(1), ", the scores ", scores.extent(0), " x ", scores.extent(1));
}

}  // namespace longshore::inline LONGSHORE_ABI
