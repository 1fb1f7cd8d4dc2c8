// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

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
  IdLists removed = {}, denied = {}, allowed = {}, categories = {}, denied_categories = {};
  const std::size_t* category_offsets = nullptr;  // (I + 1) of `categories_of`; null: items have no categories
  const Id* categories_of = nullptr;              // those of an item ascend

  /// Whether a query may be restricted to some items.
  bool restricts() const { return allowed || categories; }
  /// Whether a query may be given an item: neither removed nor denied, and in its lists, if it has some.
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

/// The lists of items that queries are restricted to: which is the shorter of the two, how long it is, what is in it.
///
/// Cost: `size` O(categories of the query); `for_each` O(size), and for items by their category what `ItemFilter` says.
struct ListedItems {
  ItemFilter filter;
  const std::size_t* item_offsets = nullptr;  // (categories + 1) of `items`
  const Id* items = nullptr;                  // those of a category ascend

  /// How many items, repeated ones counted again, the shorter list of a query has.
  std::int64_t size(Index row) const {
    const std::int64_t named = allowed(row);
    const std::int64_t by_category = filter.categories ? of_categories(row) : named;
    return filter.allowed && named < by_category ? named : by_category;
  }
  /// Calls `function(item)` once for each item of the shorter list that the query may be given.
  template <class Function>
  void for_each(Index row, const Function& function) const {
    const bool by_category = filter.categories && (!filter.allowed || of_categories(row) <= allowed(row));
    const IdLists& lists = by_category ? filter.categories : filter.allowed;
    for (const Id* id = lists.begin(row); id < lists.end(row); ++id) {
      if (id > lists.begin(row) && id[-1] == *id) continue;
      if (!by_category) {
        if (filter.allows(row, *id)) function(*id);
      } else {
        for (std::size_t place = item_offsets[*id]; place < item_offsets[*id + 1]; ++place)
          if (filter.first_of(filter.categories, row, items[place]) == *id && filter.allows(row, items[place]))
            function(items[place]);
      }
    }
  }

 private:
  std::int64_t allowed(Index row) const {
    return filter.allowed ? filter.allowed.end(row) - filter.allowed.begin(row) : 0;
  }
  std::int64_t of_categories(Index row) const {
    std::size_t count = 0;
    for (const Id* id = filter.categories.begin(row); id < filter.categories.end(row); ++id)
      count += item_offsets[*id + 1] - item_offsets[*id];
    return static_cast<std::int64_t>(count);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
