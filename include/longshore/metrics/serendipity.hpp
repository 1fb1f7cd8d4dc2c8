// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/check_lists.hpp>
#include <longshore/metrics/metric_result.hpp>
#include <longshore/metrics/ranking_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the serendipity of lists: the share of their places with an item that is relevant and was not obvious.
///
///   1/B sum_b #{i in list b: i relevant to b, i not in obvious list b} / K
///
/// Obvious is what a primitive recommender would list as well, popularity say. Source: Ge et al. 2010.
/// Cost: O(B K (K + R)).
///
/// @param lists    (B, K) item ids, such as `Ranking::lists`; -1 marks places that stayed empty
/// @param obvious  (B, any) the primitive recommender's lists for the same rows
/// @param rows     whose relevant items count as useful: those that were ranked
/// @return         0 to 1; a value a list
/// @throws ShapeError if the numbers of rows differ, or offsets do not fit
/// @throws DataError  if there is no list, a list has no item, a row has no relevant item, or an id is negative
inline MetricResult serendipity(const xt::xtensor<Id, 2>& lists, const xt::xtensor<Id, 2>& obvious,
                                const RankingRows& rows) {
  check_lists("serendipity", lists, std::numeric_limits<Index>::max());
  const std::size_t total = lists.shape()[0], length = lists.shape()[1];
  expects(obvious.shape()[0] == total && rows.size() == total, "serendipity: expected ", total,
          " obvious lists and rows, one a list, got ", obvious.shape()[0], " and ", rows.size());
  rows.check("serendipity", std::numeric_limits<Index>::max());
  auto per_row = xt::xtensor<double, 1>::from_shape({total});  // (B)
  for (std::size_t b = 0; b < total; ++b) {
    const Id* expected = obvious.data() + b * obvious.shape()[1];
    const auto relevant = rows.relevant_of(b);
    double surprises = 0;
    for (std::size_t place = 0; place < length; ++place) {
      const Id item = lists(b, place);
      const bool useful = std::find(relevant.begin(), relevant.end(), item) != relevant.end();
      if (useful && std::find(expected, expected + obvious.shape()[1], item) == expected + obvious.shape()[1])
        ++surprises;
    }
    per_row(b) = surprises / static_cast<double>(length);
  }
  return MetricResult::of(text_of("serendipity@", length), std::move(per_row));
}

}  // namespace longshore::inline LONGSHORE_ABI
