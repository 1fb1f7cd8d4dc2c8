// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <longshore/metrics/ranking.hpp>

/// A ranking whose rows have relevant items at the given ranks.
inline longshore::Ranking ranking_with(const std::vector<std::vector<double>>& rows, longshore::Index items = 100) {
  longshore::Ranking ranking;
  std::vector<double> ranks;
  for (const auto& row : rows) {
    ranks.insert(ranks.end(), row.begin(), row.end());
    ranking.offsets.push_back(ranks.size());
  }
  ranking.ranks = xt::xtensor<double, 1>::from_shape({ranks.size()});
  std::ranges::copy(ranks, ranking.ranks.data());
  ranking.candidates = xt::xtensor<longshore::Index, 1>::from_shape({rows.size()});
  std::fill_n(ranking.candidates.data(), rows.size(), items);
  ranking.items = items;
  return ranking;
}
