// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/ranking_metric.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the metric recall@k: the share of a row's relevant items that come among the first k, averaged over rows.
///
///   recall@k = 1/B sum_b #{j: r_bj <= k} / R_b          R_b: relevant items of row b, r_bj: their ranks
///
/// As RecBole's `Recall`. The denominator is R_b even where it is above k.
///
/// Cost: O(relevant items) of all rows, and B numbers for the values of the rows.
/// Source: Manning, Raghavan and Schuetze 2008, chapter 8.
///
/// @return  a function of a `Ranking`: the mean, 0 to 1, and each row's value
/// @throws ShapeError if k is less than 1
inline RankingMetric recall(Index k) {
  return RankingMetric("recall", k, [](std::span<const double> ranks, Index cut) {
    double hits = 0;
    for (const double rank : ranks) hits += RankingMetric::among_first(rank, cut) ? 1 : 0;
    return hits / static_cast<double>(ranks.size());
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
