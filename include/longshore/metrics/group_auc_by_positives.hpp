// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>
#include <longshore/metrics/group_aucs.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the mean of the AUCs of groups weighted by their numbers of positive rows (clicks).
///
///   sum_g p_g AUC_g / sum_g p_g          p_g: positive rows of group g
///
/// As RecBole's `GAUC`.
/// Groups whose rows all have one label are left out and counted in `skipped`. Cost: O(N log N).
///
/// Source: RecBole's `GAUC`, which counts positives where the paper it follows (DIN) counts impressions.
///
/// @param groups  (N) integers, such as user ids, in any order
/// @param labels  (N) 0 or 1, of any type of number
/// @param scores  (N) logits or probabilities
/// @return        the mean, 0 to 1, and how many groups count and were skipped
/// @throws ShapeError if the lengths differ
/// @throws DataError  if a number is not finite, a label is neither 0 nor 1, or no group has both labels
template <NumberRange Groups, NumberRange Labels, ScoreRange Scores>
GroupAucs::Mean group_auc_by_positives(const Groups& groups, const Labels& labels, const Scores& scores) {
  const auto aucs = GroupAucs::of("group_auc_by_positives", groups, labels, scores);
  return aucs.mean(aucs.positives);
}

}  // namespace longshore::inline LONGSHORE_ABI
