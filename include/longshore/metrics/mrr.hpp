// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/ranking_metric.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the metric MRR@k: the reciprocal rank of a row's first relevant item, 0 beyond k, averaged over rows.
///
///   MRR@k = 1/B sum_b [r_b <= k] / r_b          r_b: least rank among the relevant items of row b
///
/// As RecBole's `MRR`.
///
/// Cost: O(relevant items) of all rows, and B numbers for the values of the rows.
/// Source: Voorhees 1999.
///
/// @param k  cut-off; without it the whole ranking counts and the name is "MRR"
/// @return   a function of a `Ranking`: the mean, 0 to 1, and each row's value
/// @throws ShapeError if k is less than 1
inline RankingMetric mrr(Index k = RankingMetric::whole_ranking) {
  return RankingMetric("MRR", k, [](std::span<const double> ranks, Index cut) {
    return RankingMetric::among_first(ranks.front(), cut) ? 1 / ranks.front() : 0.0;
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
