// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_binary.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the mean negative logarithm of the probability that was given to what happened.
///
///   1/N sum_n -(y_n ln p_n + (1 - y_n) ln(1 - p_n))
///
/// Probabilities are first clipped to [e, 1 - e], e the machine epsilon of their type, as by scikit-learn's `log_loss`
/// (RecBole's clips at 1e-15). `log_loss_with_logits` needs no clipping. Cost: O(N), in double.
///
/// Source: Good 1952, the logarithmic score.
///
/// @param labels         (N) 0 or 1, of any type of number
/// @param probabilities  (N) float or double
/// @return               nats
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, a label is neither 0 nor 1, or a probability is not from 0 to 1
template <NumberRange Labels, ScoreRange Probabilities>
double log_loss(const Labels& labels, const Probabilities& probabilities) {
  check_binary("log_loss", labels, probabilities);
  const auto label = span_of(labels);
  const auto probability = span_of(probabilities);
  using Real = typename decltype(probability)::value_type;
  constexpr Real epsilon = std::numeric_limits<Real>::epsilon();
  double sum = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    expects<DataError>(probability[i] >= 0 && probability[i] <= 1, "log_loss: expected probabilities from 0 to 1, got ",
                       probability[i], " at position ", i, "; for logits use log_loss_with_logits");
    const auto clipped = static_cast<double>(std::clamp(probability[i], epsilon, 1 - epsilon));
    sum -= label[i] != 0 ? std::log(clipped) : std::log1p(-clipped);
  }
  return sum / static_cast<double>(label.size());
}

}  // namespace longshore::inline LONGSHORE_ABI
