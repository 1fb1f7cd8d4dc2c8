// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/checked_size.hpp>
#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One candidate and one window: what target attention looks at together.
struct AttentionItem {
  Index window = 0;
  Index candidate = 0;

  KOKKOS_INLINE_FUNCTION bool before(const AttentionItem& other) const {
    return window < other.window || (window == other.window && candidate < other.candidate);
  }
};

/// How many items there are, W C. Cost: O(1).
///
/// @throws ShapeError if they are more than an `Index` holds
template <class Space>
Index attention_items(const Windows<Space>& windows, Index candidates) {
  return checked_size("target_attention", "windows times candidates", std::int64_t{windows.count()} * candidates);
}

/// Items in their order (windows, then candidates), cut into groups that hold about equally many rows: the groups
/// depend on the sizes only, so what is summed group by group has the same bits at any number of threads.
///
/// The rows of all items form one line of C pairs positions: candidate c of window w starts at C pairs(w) + c
/// length(w).
///
/// Cost: `first` O(log W), everything else O(1); no memory of its own.
template <class Space>
struct AttentionGroups {
  Windows<Space> windows;
  Index candidates = 1;        // C
  Index count = 1;             // groups
  bool whole_windows = false;  // all candidates of a window in one group

  /// Groups of about `rows` positions, at most `most`.
  AttentionGroups(const Windows<Space>& its_windows, Index its_candidates, bool whole, std::int64_t rows, Index most)
      : windows(its_windows), candidates(its_candidates), whole_windows(whole) {
    const std::int64_t wanted = (positions() + rows - 1) / rows;
    count = static_cast<Index>(wanted < 1 ? 1 : wanted > most ? most : wanted);
  }

  /// Number of positions, C pairs.
  KOKKOS_INLINE_FUNCTION std::int64_t positions() const { return std::int64_t{windows.pair_count} * candidates; }
  KOKKOS_INLINE_FUNCTION Index length(const AttentionItem& item) const {
    return windows.end(item.window) - windows.begin(item.window);
  }
  /// Position of the first row of an item.
  KOKKOS_INLINE_FUNCTION std::int64_t start(const AttentionItem& item) const {
    return std::int64_t{windows.pairs(item.window)} * candidates + std::int64_t{item.candidate} * length(item);
  }
  /// The item behind another: the window's next candidate, or the next window's first.
  KOKKOS_INLINE_FUNCTION AttentionItem next(const AttentionItem& item) const {
    if (item.candidate + 1 < candidates) return {item.window, item.candidate + 1};
    return {item.window + 1, 0};
  }

  /// The first item of a group; of group `count`, the item behind the last.
  KOKKOS_INLINE_FUNCTION AttentionItem first(Index group) const {
    if (group >= count || candidates == 0) return {windows.count(), 0};
    if (group == 0) return {0, 0};
    const std::int64_t bound = positions() * group / count;
    const Index last_candidate = whole_windows ? 0 : candidates - 1;
    Index low = 0, high = windows.count();
    while (low < high) {  // the first window with an item that starts at the bound or behind it
      const Index middle = low + (high - low) / 2;
      if (start({middle, last_candidate}) >= bound)
        high = middle;
      else
        low = middle + 1;
    }
    if (whole_windows || low == windows.count() || start({low, 0}) >= bound) return {low, 0};
    const std::int64_t rows = length({low, 0});
    return {low, static_cast<Index>((bound - start({low, 0}) + rows - 1) / rows)};
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
