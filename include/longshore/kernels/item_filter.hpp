// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A list of ids for each query, or one for all queries. Host memory.
///
/// Cost: `holds` O(log of the list's length).
struct IdLists {
  const Id* ids = nullptr;         // (N) those of a list ascend; an id may come twice
  const Index* offsets = nullptr;  // (B + 1), or (2) of one list for all; null: there are no lists
  bool shared = false;

  explicit operator bool() const { return offsets != nullptr; }
  const Id* begin(Index query) const { return ids + offsets[shared ? 0 : query]; }
  const Id* end(Index query) const { return ids + offsets[shared ? 1 : query + 1]; }
  bool holds(Index query, Id id) const { return std::binary_search(begin(query), end(query), id); }
};

/// Which items a query may be given, as the kernels of the search ask: of single items, never of all.
///
/// Cost: `allows` O(log of the lists' lengths), times the categories of the item.
struct ItemFilter {
  IdLists removed, denied, allowed, categories, denied_categories;
  const std::size_t* category_offsets = nullptr;  // (I + 1) of `categories_of`; null: items have no categories
  const Id* categories_of = nullptr;              // those of an item ascend

  /// Whether a query may be restricted to some items.
  bool restricts() const { return allowed || categories; }
  bool allows(Index query, Id item) const {
    if (removed && removed.holds(query, item)) return false;
    if (denied && denied.holds(query, item)) return false;
    if (allowed && !allowed.holds(query, item)) return false;
    if (categories && first_of(categories, query, item) < 0) return false;
    return !denied_categories || first_of(denied_categories, query, item) < 0;
  }
  /// The lowest category of the item that the query's list holds, or -1.
  Id first_of(const IdLists& lists, Index query, Id item) const {
    for (std::size_t place = category_offsets[item]; place < category_offsets[item + 1]; ++place)
      if (lists.holds(query, categories_of[place])) return categories_of[place];
    return -1;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
