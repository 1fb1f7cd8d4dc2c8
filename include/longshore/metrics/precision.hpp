// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/ranking_metric.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the metric precision@k: the share of the first k places that relevant items take, averaged over rows.
///
///   precision@k = 1/B sum_b #{j: r_bj <= k} / k          r_bj: rank of the j-th relevant item of row b
///
/// As RecBole's `Precision`: the denominator is k even where a row has fewer candidates.
///
/// Cost: O(relevant items) of all rows, and B numbers for the values of the rows.
/// Source: Manning, Raghavan and Schuetze 2008, chapter 8.
///
/// @return  a function of a `Ranking`: the mean, 0 to 1, and each row's value
/// @throws ShapeError if k is less than 1
inline RankingMetric precision(Index k) {
  return RankingMetric("precision", k, [](std::span<const double> ranks, Index cut) {
    double hits = 0;
    for (const double rank : ranks) hits += RankingMetric::among_first(rank, cut) ? 1 : 0;
    return hits / static_cast<double>(cut);
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
