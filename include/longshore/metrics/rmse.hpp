// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/metrics/check_labelled.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the root of the mean squared error of ratings.
///
///   sqrt(1/N sum_n (p_n - y_n)^2)
///
/// As scikit-learn's `root_mean_squared_error`. Cost: O(N), in double; the largest error is factored out, so that no
/// square overflows.
///
/// Source: Herlocker et al. 2004.
///
/// @param labels       (N) true ratings, of any type of number
/// @param predictions  (N) in the same unit
/// @return             in the unit of the ratings
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, or a number is not finite
template <NumberRange Labels, NumberRange Predictions>
double rmse(const Labels& labels, const Predictions& predictions) {
  check_labelled("rmse", labels, predictions);
  const auto label = span_of(labels);
  const auto prediction = span_of(predictions);
  const auto error = [&](std::size_t i) {
    return std::abs(static_cast<double>(prediction[i]) - static_cast<double>(label[i]));
  };
  double largest = 0, squares = 0;
  for (std::size_t i = 0; i < label.size(); ++i) largest = error(i) > largest ? error(i) : largest;
  if (largest == 0) return 0;
  for (std::size_t i = 0; i < label.size(); ++i) squares += (error(i) / largest) * (error(i) / largest);
  return largest * std::sqrt(squares / static_cast<double>(label.size()));
}

}  // namespace longshore::inline LONGSHORE_ABI
