// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/score_key.hpp>
#include <longshore/metrics/score_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Lists the items of highest score, equal ones in ascending order of their ids.
///
/// Cost: O(I + S log k) where S items beat the worst of the list when they come; exact. For lists from a score matrix
/// that exists already, as in an evaluation; `retrieval/` finds the best of a product without storing it.
///
/// @param scores   (I) float or double, one an item; infinities are ordered, NaN is refused
/// @param removed  ids that must not be listed; they may repeat
/// @param list     (k) overwritten with ids, best first; -1 where there are fewer candidates
/// @throws DataError if a score is NaN or a removed id is outside the catalogue
template <ScoreRange Scores>
void top_items(const Scores& scores, std::span<const Id> removed, std::span<Id> list) {
  const auto row = span_of(scores);
  using Real = typename decltype(row)::value_type;
  check_item_ids("top_items", "removed items", removed, static_cast<Index>(row.size()));
  std::vector<bool> is_removed(row.size());
  for (const Id item : removed) is_removed[static_cast<std::size_t>(item)] = true;

  using Key = decltype(score_key(Real{}));
  struct Entry {
    Key key;
    Id item;
  };
  const auto better = [](const Entry& a, const Entry& b) { return a.key != b.key ? a.key > b.key : a.item < b.item; };
  std::vector<Entry> heap;  // the worst of the list is at the front
  heap.reserve(list.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Key key = score_key(row[i]);
    expects<DataError>(key <= largest_score_key<Real> && key >= -largest_score_key<Real>,
                       "top_items: expected scores that are numbers, the score of item ", i, " is NaN");
    // Ids ascend, so an equal score never replaces.
    if (heap.size() == list.size() && (heap.empty() || key <= heap.front().key)) continue;
    if (is_removed[i]) continue;
    if (heap.size() == list.size()) {
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.pop_back();
    }
    heap.push_back({key, static_cast<Id>(i)});
    std::push_heap(heap.begin(), heap.end(), better);
  }
  std::sort_heap(heap.begin(), heap.end(), better);
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = i < heap.size() ? heap[i].item : Id{-1};
}

}  // namespace longshore::inline LONGSHORE_ABI
