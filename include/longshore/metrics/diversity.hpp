// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/check_lists.hpp>
#include <longshore/metrics/metric_result.hpp>
#include <longshore/metrics/score_key.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the intra-list diversity: how different the items of one list are from each other.
///
///   1/B sum_b 2/(K_b (K_b - 1)) sum_{i < j in list b} distance(i, j)
///
/// A list of one item has no variety and counts 0. Source: Ziegler et al. 2005; Smyth and McClave 2001.
/// Cost: O(B K^2) distances.
///
///     diversity(ranking.lists, CosineDistance(item_vectors));
///
/// @param lists     (B, K) item ids, such as `Ranking::lists`; -1 marks places that stayed empty
/// @param distance  called as distance(i, j) for two ids of one list; symmetric; finite
/// @return          in the unit of the distance; a value a list
/// @throws DataError if there is no list, a list has no item, or a distance is not finite
template <class Distance>
  requires std::invocable<const Distance&, Id, Id>
MetricResult diversity(const xt::xtensor<Id, 2>& lists, const Distance& distance) {
  check_lists("diversity", lists, std::numeric_limits<Index>::max());
  const std::size_t length = lists.shape()[1];
  auto per_row = xt::xtensor<double, 1>::from_shape({lists.shape()[0]});  // (B)
  for (std::size_t b = 0; b < lists.shape()[0]; ++b) {
    double sum = 0, pairs = 0;
    for (std::size_t first = 0; first < length; ++first) {
      for (std::size_t second = first + 1; lists(b, first) >= 0 && second < length; ++second) {
        if (lists(b, second) < 0) continue;
        const auto apart = static_cast<double>(distance(lists(b, first), lists(b, second)));
        constexpr auto largest = largest_score_key<double>;
        expects<DataError>(score_key(apart) < largest && score_key(apart) > -largest, "diversity: the distance of ",
                           lists(b, first), " and ", lists(b, second), " is not finite");
        sum += apart;
        ++pairs;
      }
    }
    per_row(b) = pairs > 0 ? sum / pairs : 0;
  }
  return MetricResult::of(text_of("diversity@", length), std::move(per_row));
}

}  // namespace longshore::inline LONGSHORE_ABI
