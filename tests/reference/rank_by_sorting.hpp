// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <vector>

#include <longshore/core/index.hpp>
#include <longshore/metrics/tie_policy.hpp>

namespace reference {

/// Ranks of the relevant items, ascending, by sorting a list of candidates and looking where they are: for the mean by
/// doing so for every order of the candidates. For a handful of items only.
inline std::vector<double> rank_by_sorting(const std::vector<float>& scores, const std::vector<longshore::Id>& relevant,
                                           const std::vector<longshore::Id>& removed, longshore::TiePolicy ties) {
  using longshore::Id;
  using longshore::TiePolicy;
  const auto has = [](const std::vector<Id>& ids, Id item) { return std::ranges::find(ids, item) != ids.end(); };
  std::vector<Id> candidates;
  for (Id item = 0; item < static_cast<Id>(scores.size()); ++item)
    if (has(relevant, item) || !has(removed, item)) candidates.push_back(item);
  const auto score = [&](Id item) { return scores[static_cast<std::size_t>(item)]; };

  const auto ranks_in = [&](const std::vector<Id>& order) {
    std::vector<double> ranks;
    for (std::size_t place = 0; place < order.size(); ++place)
      if (has(relevant, order[place])) ranks.push_back(static_cast<double>(place + 1));
    return ranks;
  };
  if (ties != TiePolicy::mean) {
    std::ranges::stable_sort(candidates, [&](Id a, Id b) {
      if (score(a) != score(b)) return score(a) > score(b);
      if (ties == TiePolicy::pessimistic) return !has(relevant, a) && has(relevant, b);
      if (ties == TiePolicy::optimistic) return has(relevant, a) && !has(relevant, b);
      return a < b;
    });
    return ranks_in(candidates);
  }
  std::vector<double> sums;
  double orders = 0;
  std::ranges::sort(candidates);
  do {
    std::vector<Id> order = candidates;
    std::ranges::stable_sort(order, [&](Id a, Id b) { return score(a) > score(b); });
    const std::vector<double> ranks = ranks_in(order);
    sums.resize(ranks.size());
    for (std::size_t j = 0; j < ranks.size(); ++j) sums[j] += ranks[j];
    ++orders;
  } while (std::ranges::next_permutation(candidates).found);
  for (double& sum : sums) sum /= orders;
  return sums;
}

}  // namespace reference
