// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/check_lists.hpp>
#include <longshore/metrics/metric_result.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the mean self-information of recommended items: how surprising it is to meet them by chance.
///
///   1/B sum_b 1/K_b sum_{i in list b} -log2 p_i          p_i = max(count_i, 1) / sum_j count_j
///
/// An item that nobody has met yet counts as met once, the most that a log can attest. Source: Zhou et al. 2010; Vargas
/// and Castells 2011. Cost: O(B K + I).
///
/// @param lists   (B, K) item ids, such as `Ranking::lists`; -1 marks places that stayed empty
/// @param counts  (I) events of each item in training
/// @return        bits; a value a list
/// @throws DataError if there is no event, no list, a list has no item, or an id is outside the catalogue
inline MetricResult novelty(const xt::xtensor<Id, 2>& lists, std::span<const std::size_t> counts) {
  check_lists("novelty", lists, static_cast<Index>(counts.size()));
  double total = 0;
  for (const std::size_t count : counts) total += static_cast<double>(count);
  expects<DataError>(total > 0, "novelty: expected counts of training events, got none");
  auto per_row = xt::xtensor<double, 1>::from_shape({lists.shape()[0]});  // (B)
  for (std::size_t b = 0; b < lists.shape()[0]; ++b) {
    double bits = 0, listed = 0;
    for (std::size_t place = 0; place < lists.shape()[1]; ++place) {
      const Id item = lists(b, place);
      if (item < 0) continue;
      bits -= std::log2(static_cast<double>(std::max<std::size_t>(counts[static_cast<std::size_t>(item)], 1)) / total);
      ++listed;
    }
    per_row(b) = bits / listed;
  }
  return MetricResult::of(text_of("novelty@", lists.shape()[1]), std::move(per_row));
}

}  // namespace longshore::inline LONGSHORE_ABI
