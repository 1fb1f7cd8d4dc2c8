// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/metrics/group_aucs.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the plain mean of the AUCs of groups: every group counts once.
///
///   1/G sum_g AUC_g
///
/// Groups whose rows all have one label are left out and counted in `skipped`. Cost: O(N log N).
///
/// Source: the `group_auc` of Microsoft recommenders, by which its SLi-Rec stops early.
///
/// @param groups  (N) integers, such as user ids, in any order
/// @param labels  (N) 0 or 1, of any type of number
/// @param scores  (N) logits or probabilities
/// @return        the mean, 0 to 1, and how many groups count and were skipped
/// @throws ShapeError if the lengths differ
/// @throws DataError  if a number is not finite, a label is neither 0 nor 1, or no group has both labels
template <NumberRange Groups, NumberRange Labels, ScoreRange Scores>
GroupAucs::Mean group_auc(const Groups& groups, const Labels& labels, const Scores& scores) {
  const auto aucs = GroupAucs::of("group_auc", groups, labels, scores);
  return aucs.mean(std::vector<double>(aucs.aucs.size(), 1.0));
}

}  // namespace longshore::inline LONGSHORE_ABI
