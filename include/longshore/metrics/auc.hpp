// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_binary.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_key.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the area under the ROC curve: the chance that a positive row scores above a negative one.
///
///   AUC = (#{p > n} + 1/2 #{p = n}) / (P N)          over all pairs of a positive and a negative row
///
/// As scikit-learn's `roc_auc_score`. Exact for integers: pairs are counted, not summed. Cost: O(N log N).
///
/// Source: Hanley and McNeil 1982.
///
/// @param labels  (N) 0 or 1, of any type of number
/// @param scores  (N) logits or probabilities: only their order counts
/// @return        0 to 1, 0.5 for a constant score
/// @throws ShapeError if the lengths differ
/// @throws DataError  if there is no row, a number is not finite, a label is neither 0 nor 1, or all labels are equal
template <NumberRange Labels, ScoreRange Scores>
double auc(const Labels& labels, const Scores& scores) {
  check_binary("auc", labels, scores);
  const auto label = span_of(labels);
  const auto score = span_of(scores);
  using Real = typename decltype(score)::value_type;
  std::vector<std::pair<decltype(score_key(Real{})), bool>> rows(score.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = {score_key(score[i]), label[i] != 0};
  std::sort(rows.begin(), rows.end());

  std::uint64_t halves = 0, negatives = 0, positives = 0;  // halves of won pairs; rows below the present score
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin;
    std::uint64_t equal_positives = 0;
    for (; end < rows.size() && rows[end].first == rows[begin].first; ++end) equal_positives += rows[end].second;
    const std::uint64_t equal_negatives = end - begin - equal_positives;
    halves += equal_positives * (2 * negatives + equal_negatives);
    negatives += equal_negatives;
    positives += equal_positives;
    begin = end;
  }
  expects<DataError>(positives > 0 && negatives > 0, "auc: expected rows of both labels, got ", positives,
                     " positive and ", negatives, " negative");
  return static_cast<double>(halves) / 2 / (static_cast<double>(positives) * static_cast<double>(negatives));
}

}  // namespace longshore::inline LONGSHORE_ABI
