// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>
#include <longshore/metrics/group_aucs.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the mean of the AUCs of groups weighted by their numbers of rows (impressions).
///
///   sum_g n_g AUC_g / sum_g n_g          n_g: rows of group g
///
/// Source: Zhou et al. 2018, "Deep interest network", section 6.3, equation 10.
/// Groups whose rows all have one label are left out and counted in `skipped`. Cost: O(N log N).
///
/// @param groups  (N) integers, such as user ids, in any order
/// @param labels  (N) 0 or 1, of any type of number
/// @param scores  (N) logits or probabilities
/// @return        the mean, 0 to 1, and how many groups count and were skipped
/// @throws ShapeError if the lengths differ
/// @throws DataError  if a number is not finite, a label is neither 0 nor 1, or no group has both labels
template <NumberRange Groups, NumberRange Labels, ScoreRange Scores>
GroupAucs::Mean group_auc_by_rows(const Groups& groups, const Labels& labels, const Scores& scores) {
  const auto aucs = GroupAucs::of("group_auc_by_rows", groups, labels, scores);
  return aucs.mean(aucs.rows);
}

}  // namespace longshore::inline LONGSHORE_ABI
