// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <ranges>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/auc.hpp>
#include <longshore/metrics/check_binary.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The AUC of every group of rows, in ascending order of the groups: what the three group AUCs are means of.
///
/// Papers call three different means GAUC; here each has its name: `group_auc`, `group_auc_by_rows`,
/// `group_auc_by_positives`. Groups whose rows all have one label have no AUC; they are skipped and counted.
///
/// Cost: O(N log N) to make, O(G) for a mean; memory three numbers a group.
struct GroupAucs {
  /// A mean over groups.
  struct Mean {
    double value = 0;
    std::size_t groups = 0;   ///< groups that count
    std::size_t skipped = 0;  ///< groups with one label only
  };

  std::vector<double> aucs;       // (G) of the groups with both labels
  std::vector<double> rows;       // (G)
  std::vector<double> positives;  // (G)
  std::size_t skipped = 0;

  /// Computes them.
  ///
  /// @param function  who asks, for the text of the error
  /// @param groups    (N) the group of each row, such as the user; in any order
  /// @param labels    (N) 0 or 1
  /// @param scores    (N)
  /// @throws ShapeError if the lengths differ
  /// @throws DataError  if a number is not finite, a label is neither 0 nor 1, or no group has both labels
  template <NumberRange Groups, NumberRange Labels, ScoreRange Scores>
    requires std::integral<std::ranges::range_value_t<Groups>>
  static GroupAucs of(const char* function, const Groups& groups, const Labels& labels, const Scores& scores) {
    check_binary(function, labels, scores);
    const auto group = span_of(groups);
    const auto label = span_of(labels);
    const auto score = span_of(scores);
    expects(group.size() == label.size(), function, ": expected one group a label, got ", label.size(), " labels and ",
            group.size(), " groups");
    std::vector<std::size_t> order(group.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return group[a] < group[b]; });

    GroupAucs result;
    std::vector<unsigned char> group_labels;
    std::vector<typename decltype(score)::value_type> group_scores;
    for (std::size_t begin = 0; begin < order.size();) {
      group_labels.clear();
      group_scores.clear();
      std::size_t end = begin, positives = 0;
      for (; end < order.size() && group[order[end]] == group[order[begin]]; ++end) {
        group_labels.push_back(label[order[end]] != 0);
        group_scores.push_back(score[order[end]]);
        positives += group_labels.back();
      }
      if (positives == 0 || positives == end - begin) {
        ++result.skipped;
      } else {
        result.aucs.push_back(auc(group_labels, group_scores));
        result.rows.push_back(static_cast<double>(end - begin));
        result.positives.push_back(static_cast<double>(positives));
      }
      begin = end;
    }
    expects<DataError>(!result.aucs.empty(), function, ": expected a group with both labels, got ", result.skipped,
                       " groups with one label only");
    return result;
  }

  /// The mean with the given weights.
  ///
  /// @param weights  (G)
  Mean mean(const std::vector<double>& weights) const {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    return {std::inner_product(aucs.begin(), aucs.end(), weights.begin(), 0.0) / total, aucs.size(), skipped};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
