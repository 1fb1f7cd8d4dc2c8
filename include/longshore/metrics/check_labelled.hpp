// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_numbers.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses labels and predictions that cannot be compared: lengths that differ, nothing at all, NaN or infinity.
///
/// Cost: O(N).
///
/// @param function  who asks, for the text of the error
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, or a number is not finite
template <NumberRange Labels, NumberRange Predictions>
void check_labelled(const char* function, const Labels& labels, const Predictions& predictions) {
  const std::size_t rows = span_of(labels).size();
  expects(span_of(predictions).size() == rows, function, ": expected one prediction a label, got ", rows,
          " labels and ", span_of(predictions).size(), " predictions");
  expects<DataError>(rows > 0, function, ": expected at least one row, got none");
  check_numbers(function, "labels", labels);
  check_numbers(function, "predictions", predictions);
}

}  // namespace longshore::inline LONGSHORE_ABI
