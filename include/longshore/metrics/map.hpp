// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/ranking_metric.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the metric MAP@k: precision at the rank of every relevant item among the first k, averaged, then over rows.
///
///   MAP@k = 1/B sum_b 1/min(R_b, k) sum_{j: r_bj <= k} j / r_bj
///
/// R_b: relevant items of row b, r_b1 < r_b2 < ...: their ranks.
///
/// As RecBole's `MAP`; without a cut-off and without equal scores, scikit-learn's `average_precision_score` a row.
///
/// Cost: O(relevant items) of all rows, and B numbers for the values of the rows.
/// Source: Manning, Raghavan and Schuetze 2008, chapter 8; there the denominator is R_b for any k.
///
/// @param k  cut-off; without it the whole ranking counts and the name is "MAP"
/// @return   a function of a `Ranking`: the mean, 0 to 1, and each row's value
/// @throws ShapeError if k is less than 1
inline RankingMetric map(Index k = RankingMetric::whole_ranking) {
  return RankingMetric("MAP", k, [](std::span<const double> ranks, Index cut) {
    double sum = 0;
    for (std::size_t j = 0; j < ranks.size() && RankingMetric::among_first(ranks[j], cut); ++j)
      sum += static_cast<double>(j + 1) / ranks[j];
    return sum / static_cast<double>(std::min(ranks.size(), static_cast<std::size_t>(cut)));
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
