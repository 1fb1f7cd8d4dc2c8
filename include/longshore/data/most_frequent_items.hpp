// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The items that come most often in a run of events, most frequent first; of equally frequent ones the more recent
/// first.
///
/// Cost: O(n d) for n events with d different items.
///
/// @param items  the events in the order of time
/// @param count  at most so many items; at least 0
inline std::vector<Id> most_frequent_items(std::span<const Id> items, Index count) {
  struct Seen {
    Id item;
    std::size_t times, latest;
  };
  std::vector<Seen> seen;
  for (std::size_t position = 0; position < items.size(); ++position) {
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const Seen& s) { return s.item == items[position]; });
    if (found == seen.end()) {
      seen.push_back({items[position], 1, position});
    } else {
      found->latest = position;
      ++found->times;
    }
  }
  std::sort(seen.begin(), seen.end(),
            [](const Seen& a, const Seen& b) { return a.times != b.times ? a.times > b.times : a.latest > b.latest; });
  std::vector<Id> kept;
  for (std::size_t k = 0; k < seen.size() && k < static_cast<std::size_t>(count); ++k) kept.push_back(seen[k].item);
  return kept;
}

}  // namespace longshore::inline LONGSHORE_ABI
