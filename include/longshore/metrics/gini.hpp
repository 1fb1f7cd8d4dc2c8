// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/exposure.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the Gini index of exposure: 0 where all items are recommended equally often, near 1 where one item is all.
///
///   sum_i (2 i - I - 1) c_i / (I sum_i c_i)          c_1 <= ... <= c_I: how often each item is recommended
///
/// As RecBole's `GiniIndex`. Cost: O(B K + I log I).
///
/// Source: Fleder and Hosanagar 2009.
///
/// @param lists  (B, K) item ids, such as `Ranking::lists`; -1 marks places that stayed empty
/// @param items  size of the catalogue, I
/// @return       0 to (I - 1) / I
/// @throws DataError if there is no list, a list has no item, or an id is outside the catalogue
inline double gini(const xt::xtensor<Id, 2>& lists, Index items) {
  std::vector<std::size_t> counts = exposure(lists, items);
  std::sort(counts.begin(), counts.end());
  const auto size = static_cast<double>(items);
  double weighted = 0, total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    weighted += (2 * static_cast<double>(i + 1) - size - 1) * static_cast<double>(counts[i]);
    total += static_cast<double>(counts[i]);
  }
  return weighted / (size * total);
}

}  // namespace longshore::inline LONGSHORE_ABI
