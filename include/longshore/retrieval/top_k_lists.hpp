// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What makes a query and an item alike: their inner product, or that of both divided by their lengths. A row that is
/// not longer than 1e-12 has no direction, and cosine 0 with all others.
///
/// Cost: of a cosine that of an inner product, and of the rows' lengths once.
enum class ItemSimilarity { dot, cosine };

/// The lists that a search gives: of each query the best items, best first.
///
/// Cost: views; copies no elements.
template <class Real, class Space>
struct TopKLists {
  View<Id, 2, Space> items;     ///< (B, K) equal scores by ascending ids; -1 where there are fewer
  View<Real, 2, Space> scores;  ///< (B, K) minus infinity where there are fewer
};

/// Refuses what a re-ranker cannot take: lists of different extents, a length below 1, items that are not there.
///
/// Cost: O(B C), on a host.
///
/// @param asker  begins the text of errors
/// @param items  how many there are, I
/// @throws ShapeError if `length` is below 1, or items and scores differ in their extents
/// @throws DataError  if an item is neither -1 nor below I
template <class Real, class Space>
void check_listed(std::string_view asker, const TopKLists<Real, Space>& lists, Index length, Index items) {
  static_assert(is_host_space<Space>, "re-rankers look at lists on a host: copy them to one");
  expects(length > 0, asker, ": expected to keep at least one item, got ", length);
  expects(lists.items.extent(0) == lists.scores.extent(0) && lists.items.extent(1) == lists.scores.extent(1), asker,
          ": items are ", lists.items.extent(0), " x ", lists.items.extent(1), ", their scores ",
          lists.scores.extent(0), " x ", lists.scores.extent(1));
  for (std::size_t i = 0; i < lists.items.size(); ++i)
    expects<DataError>(lists.items.data()[i] >= -1 && lists.items.data()[i] < items, asker, ": expected items below ",
                       items, ", or -1 for none, got ", lists.items.data()[i], " in list ",
                       i / static_cast<std::size_t>(lists.items.extent(1)));
}

}  // namespace longshore::inline LONGSHORE_ABI
