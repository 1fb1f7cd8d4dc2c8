// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_labelled.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses what `check_labelled` refuses, and labels that are neither 0 nor 1.
///
/// Cost: O(N).
///
/// @param function  who asks, for the text of the error
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, a number is not finite, or a label is neither 0 nor 1
template <NumberRange Labels, NumberRange Predictions>
void check_binary(const char* function, const Labels& labels, const Predictions& predictions) {
  check_labelled(function, labels, predictions);
  const auto values = span_of(labels);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto label = static_cast<double>(values[i]);
    expects<DataError>(label == 0.0 || label == 1.0, function, ": expected labels 0 or 1, got ", label, " at position ",
                       i);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
