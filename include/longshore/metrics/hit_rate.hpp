// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/ranking_metric.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the metric HR@k: the share of rows with at least one relevant item among the first k.
///
///   HR@k = 1/B sum_b [min_j r_bj <= k]          r_bj: rank of the j-th relevant item of row b
///
/// With one relevant item a row it equals recall@k. As RecBole's `Hit`.
///
/// Cost: O(relevant items) of all rows, and B numbers for the values of the rows.
/// Source: Deshpande and Karypis 2004.
///
/// @return  a function of a `Ranking`: the share, 0 to 1, and each row's value
/// @throws ShapeError if k is less than 1
inline RankingMetric hit_rate(Index k) {
  return RankingMetric("HR", k, [](std::span<const double> ranks, Index cut) {
    return RankingMetric::among_first(ranks.front(), cut) ? 1.0 : 0.0;
  });
}

}  // namespace longshore::inline LONGSHORE_ABI
