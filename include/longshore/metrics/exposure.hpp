// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/check_lists.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Counts how often each item of the catalogue is recommended.
///
/// Cost: O(B K + I).
///
/// @param lists  (B, K) item ids; -1 marks places that stayed empty
/// @param items  size of the catalogue, I
/// @return       (I)
/// @throws DataError if there is no list, a list has no item, or an id is outside the catalogue
inline std::vector<std::size_t> exposure(const xt::xtensor<Id, 2>& lists, Index items) {
  check_lists("exposure", lists, items);
  std::vector<std::size_t> counts(static_cast<std::size_t>(items));
  for (std::size_t i = 0; i < lists.size(); ++i)
    if (lists.data()[i] >= 0) ++counts[static_cast<std::size_t>(lists.data()[i])];
  return counts;
}

}  // namespace longshore::inline LONGSHORE_ABI
