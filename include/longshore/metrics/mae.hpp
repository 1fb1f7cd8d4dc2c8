// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/metrics/check_labelled.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the mean absolute error of ratings.
///
///   1/N sum_n |p_n - y_n|
///
/// As scikit-learn's `mean_absolute_error`. Cost: O(N), in double.
///
/// Source: Herlocker et al. 2004.
///
/// @param labels       (N) true ratings, of any type of number
/// @param predictions  (N) in the same unit
/// @return             in the unit of the ratings
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, or a number is not finite
template <NumberRange Labels, NumberRange Predictions>
double mae(const Labels& labels, const Predictions& predictions) {
  check_labelled("mae", labels, predictions);
  const auto label = span_of(labels);
  const auto prediction = span_of(predictions);
  double sum = 0;
  for (std::size_t i = 0; i < label.size(); ++i)
    sum += std::abs(static_cast<double>(prediction[i]) - static_cast<double>(label[i]));
  return sum / static_cast<double>(label.size());
}

}  // namespace longshore::inline LONGSHORE_ABI
