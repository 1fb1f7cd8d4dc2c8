// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/check_binary.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the expected calibration error: how far predicted probabilities are from observed shares.
///
///   sum_k n_k/N |mean label in bin k - mean probability in bin k|          bins of equal width, (k/K, (k+1)/K]
///
/// The means are those of scikit-learn's `calibration_curve(strategy="uniform")`; 0 belongs to the first bin.
/// Source: Naeini et al. 2015. Cost: O(N).
///
/// @param labels         (N) 0 or 1, of any type of number
/// @param probabilities  (N) float or double
/// @param bins           K, at least 1
/// @return               0 (calibrated) to 1
/// @throws ShapeError if the lengths differ, or there is no bin
/// @throws DataError  if there is no row, a label is neither 0 nor 1, or a probability is not from 0 to 1
template <NumberRange Labels, ScoreRange Probabilities>
double calibration_error(const Labels& labels, const Probabilities& probabilities, Index bins = 10) {
  check_binary("calibration_error", labels, probabilities);
  expects(bins >= 1, "calibration_error: expected at least one bin, got ", bins);
  const auto label = span_of(labels);
  const auto probability = span_of(probabilities);
  std::vector<double> excess(static_cast<std::size_t>(bins));  // (K) sum of label - probability
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto p = static_cast<double>(probability[i]);
    expects<DataError>(p >= 0 && p <= 1, "calibration_error: expected probabilities from 0 to 1, got ", p,
                       " at position ", i);
    const auto bin = static_cast<std::size_t>(std::max(std::ceil(p * bins) - 1, 0.0));
    excess[bin] += static_cast<double>(label[i]) - p;
  }
  double sum = 0;
  for (const double value : excess) sum += std::abs(value);
  return sum / static_cast<double>(label.size());
}

}  // namespace longshore::inline LONGSHORE_ABI
