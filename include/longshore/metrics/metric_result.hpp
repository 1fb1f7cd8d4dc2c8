// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The value of a metric that is a mean over rows, with what is needed to say how sure it is.
///
/// Cost: O(B) to make; keeps the B values.
struct MetricResult {
  std::string name;                      ///< as in "NDCG@10"; says so where the ranking was sampled
  double value = 0;                      ///< the mean over the rows
  std::optional<double> standard_error;  ///< of the mean: sample deviation / sqrt(B); none for a single row
  xt::xtensor<double, 1> per_row = xt::xtensor<double, 1>::from_shape({0});  // (B) for paired tests and segments

  /// Makes the result from the values of the rows, summed in their order.
  ///
  /// @param per_row  (B) at least one
  /// @throws DataError if there is no row
  static MetricResult of(std::string name, xt::xtensor<double, 1> per_row) {
    const std::size_t rows = per_row.size();
    expects<DataError>(rows > 0, "MetricResult: expected at least one row for ", name, ", got none");
    MetricResult result;
    result.name = std::move(name);
    double sum = 0;
    for (std::size_t b = 0; b < rows; ++b) sum += per_row.data()[b];
    result.value = sum / static_cast<double>(rows);
    if (rows > 1) {
      double squares = 0;
      for (std::size_t b = 0; b < rows; ++b)
        squares += (per_row.data()[b] - result.value) * (per_row.data()[b] - result.value);
      result.standard_error = std::sqrt(squares / static_cast<double>(rows - 1) / static_cast<double>(rows));
    }
    result.per_row = std::move(per_row);
    return result;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
