// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/metrics/check_binary.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the log loss of logits, without rounding a probability to 0 or 1 on the way.
///
///   1/N sum_n ln(1 + exp(-s_n)) where y_n = 1, ln(1 + exp(s_n)) where y_n = 0
///
/// Cost: O(N), in double. Finite for every finite logit.
///
/// Source: as `log_loss`; stable as PyTorch's BCEWithLogitsLoss.
///
/// @param labels  (N) 0 or 1, of any type of number
/// @param logits  (N) float or double
/// @return        nats
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, a label is neither 0 nor 1, or a logit is not finite
template <NumberRange Labels, ScoreRange Logits>
double log_loss_with_logits(const Labels& labels, const Logits& logits) {
  check_binary("log_loss_with_logits", labels, logits);
  const auto label = span_of(labels);
  const auto logit = span_of(logits);
  double sum = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double against = label[i] != 0 ? -static_cast<double>(logit[i]) : static_cast<double>(logit[i]);
    sum += std::log1p(std::exp(-std::abs(against))) + (against > 0 ? against : 0);
  }
  return sum / static_cast<double>(label.size());
}

}  // namespace longshore::inline LONGSHORE_ABI
