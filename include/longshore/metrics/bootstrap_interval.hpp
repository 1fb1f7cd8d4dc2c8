// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/check_numbers.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a bootstrap interval is made.
struct BootstrapSettings {
  double confidence = 0.95;  ///< share of the rounds inside the interval
  Index rounds = 2000;
  std::uint64_t seed = 0;
};

/// An interval that holds the mean of further rows like these with about the asked confidence.
///
/// Cost: holds two numbers.
struct BootstrapInterval {
  double low = 0, high = 0;
};

/// Computes the percentile bootstrap interval of a mean over rows.
///
/// Rows are drawn with replacement in each round. The bounds are those order statistics of the rounds' means that leave
/// at most half of the rest outside on either side. Source: Efron 1979. Cost: O(rounds B).
///
///     bootstrap_interval(ndcg(10)(ranking).per_row)
///
/// @param values  (B)
/// @return        lower and upper bound, in the unit of the values
/// @throws ShapeError if there is no round, or the confidence is not between 0 and 1
/// @throws DataError  if there is no row, or a value is not finite
template <NumberRange Values>
BootstrapInterval bootstrap_interval(const Values& values, const BootstrapSettings& settings = {}) {
  const auto rows = span_of(values);
  expects(settings.rounds >= 1, "bootstrap_interval: expected at least one round, got ", settings.rounds);
  expects(settings.confidence > 0 && settings.confidence < 1,
          "bootstrap_interval: expected a confidence between 0 and 1, got ", settings.confidence);
  expects<DataError>(!rows.empty(), "bootstrap_interval: expected at least one row, got none");
  check_numbers("bootstrap_interval", "values", values);
  std::vector<double> means(static_cast<std::size_t>(settings.rounds));
  const Random random = Random(settings.seed).stream("bootstrap_interval");
  for (std::size_t round = 0; round < means.size(); ++round) {
    const Random draws = random.at(round);
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
      sum += static_cast<double>(rows[static_cast<std::size_t>(draws.below(i, rows.size()))]);
    means[round] = sum / static_cast<double>(rows.size());
  }
  std::sort(means.begin(), means.end());
  const double outside = (1 - settings.confidence) / 2 * static_cast<double>(means.size());
  const auto cut = std::min(static_cast<std::size_t>(outside), (means.size() - 1) / 2);
  return {means[cut], means[means.size() - 1 - cut]};
}

}  // namespace longshore::inline LONGSHORE_ABI
