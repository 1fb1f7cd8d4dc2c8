// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/ranking_metric.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the metric NDCG@k: gains discounted by the logarithm of the rank, relative to the best possible order.
///
///   NDCG@k = 1/B sum_b sum_{j: r_bj <= k} 1/log2(r_bj + 1) / sum_{i=1}^{min(R_b, k)} 1/log2(i + 1)
///
/// R_b: relevant items of row b, r_bj: their ranks. Relevance is binary. As RecBole's `NDCG` and, without equal scores,
/// scikit-learn's `ndcg_score(k=k)`. A fractional rank (TiePolicy::mean) is discounted as it is.
/// Cost: O(relevant items) of all rows, and B numbers for the values of the rows.
/// Source: Jarvelin and Kekalainen 2002, with the discount log2(r + 1) of Burges et al. 2005.
///
/// @return  a function of a `Ranking`: the mean, 0 to 1, and each row's value
/// @throws ShapeError if k is less than 1
inline RankingMetric ndcg(Index k) {
  return RankingMetric("NDCG", k, [](std::span<const double> ranks, Index cut) {
    double gain = 0, best = 0;
    for (const double rank : ranks) gain += RankingMetric::among_first(rank, cut) ? 1 / std::log2(rank + 1) : 0;
    const std::size_t places = std::min(ranks.size(), static_cast<std::size_t>(cut));
    for (std::size_t i = 1; i <= places; ++i) best += 1 / std::log2(static_cast<double>(i) + 1);
    return gain / best;
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
