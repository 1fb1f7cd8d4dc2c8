// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include <longshore/core/batch.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/check_offsets.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/item_filter.hpp>
#include <longshore/retrieval/item_categories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What each query may be given: an item must pass all that is there. Lists are in any order, with repeated ids too,
/// one for each query, or one for all.
///
///     index(context, users, 10, {.removed = seen, .allowed = in_stock});
///     index(context, users, 10, {.categories = wanted, .item_categories = &genres});
///
/// What is removed, denied or unwanted is looked up for the items that would enter a list. Where a query is restricted,
/// by `allowed` or `categories`, to a sixty-fourth of the items at most, those alone are looked at, else again those
/// that would enter a list: no filter takes a pass over the catalogue. An empty list in `allowed` or `categories`
/// leaves nothing.
///
/// Cost: of the lists O(N log N) to sort them and their copy in the context; of each item that is asked about O(log N)
/// a list.
template <class Space>
struct QueryFilters {
  History<Space> removed = {};                      ///< items that a query must not be given: those the user has seen
  History<Space> denied = {};                       ///< further such items: those that are sold out
  History<Space> allowed = {};                      ///< the only items that a query may be given
  History<Space> categories = {};                   ///< only items of one of these categories
  History<Space> denied_categories = {};            ///< no item of one of these categories
  const ItemCategories* item_categories = nullptr;  ///< for lists of categories; lives as long as the request
};

/// The filters of a request as the kernels ask them: checked, and each list ascending, in the context's memory.
///
/// Cost: O(N log N) for N ids in all lists, and a copy of them.
///
/// @param asker  begins the text of errors
/// @param rows   queries, B
/// @param items  in the catalogue, I
/// @throws ShapeError if there are neither B lists nor one; categories without `item_categories`, or of other items
/// @throws DataError  if offsets do not cut a list, or an id is outside its table
template <class Space, class Context>
ListedItems sorted_filters(std::string_view asker, Context& context, const QueryFilters<Space>& filters, Index rows,
                           Index items) {
  const auto sorted = [&](std::string_view what, const History<Space>& lists, Index table) -> IdLists {
    if (!lists.offsets.view.data()) return {};
    const Index count = lists.offsets.count();
    expects(count == rows || count == 1, asker, ": ", count, " sequences of ", what, " for ", rows, " queries");
    std::array<char, 80> name{};  // not a string: requests allocate nothing
    asker.copy(name.data(), 40);
    for (const std::string_view part : {std::string_view(": "), what})
      part.copy(name.data() + std::string_view(name.data()).size(), 36);
    check_offsets(name.data(), lists.offsets, lists.items.extent(0));
    check_ids(name.data(), lists.items.data(), lists.items.size(), table);
    const auto ids = scratch<Id>(context, lists.items.extent(0));
    std::copy_n(lists.items.data(), ids.size(), ids.data());
    for (Index q = 0; q < count; ++q) std::sort(ids.data() + lists.offsets.begin(q), ids.data() + lists.offsets.end(q));
    return {ids.data(), lists.offsets.view.data(), count == 1};
  };
  const bool by_category = filters.categories.offsets.view.data() || filters.denied_categories.offsets.view.data();
  const ItemCategories* known = filters.item_categories;
  expects(!by_category || known, asker, ": give item_categories for lists of categories");
  expects(!known || known->items() == items, asker, ": categories of ", known ? known->items() : 0, " items for ",
          items);
  ListedItems listed;
  listed.filter.removed = sorted("removed items", filters.removed, items);
  listed.filter.denied = sorted("denied items", filters.denied, items);
  listed.filter.allowed = sorted("allowed items", filters.allowed, items);
  if (!by_category) return listed;
  listed.filter.categories = sorted("categories", filters.categories, known->categories());
  listed.filter.denied_categories = sorted("denied categories", filters.denied_categories, known->categories());
  listed.filter.category_offsets = known->item_offsets().data();
  listed.filter.categories_of = known->item_categories().data();
  listed.item_offsets = known->category_offsets().data();
  listed.items = known->category_items().data();
  return listed;
}

/// The filters of some of the queries, for searches of many queries in blocks.
///
/// Cost: `of` O(rows), their offsets are copied; the ids are shared.
template <class Space>
class RowsOfFilters {
 public:
  /// @param queries  (B) that the filters are for
  /// @throws ShapeError naming the asker, if there are neither B lists nor one
  RowsOfFilters(std::string_view asker, const QueryFilters<Space>& filters, Index queries) : filters_(filters) {
    for (const auto list : lists) {
      const Index count = (filters.*list).offsets.count();
      expects(count == 0 || count == 1 || count == queries, asker, ": ", count, " sequences of a filter for ", queries,
              " queries");
    }
  }

  /// @return  the filters of queries first .. first + count - 1; valid until the next call
  QueryFilters<Space> of(Index first, Index count) {
    QueryFilters<Space> some = filters_;
    for (std::size_t which = 0; which < lists.size(); ++which) {
      History<Space>& list = some.*lists[which];
      if (list.offsets.count() <= 1) continue;
      const Index begin = list.offsets.begin(first), end = list.offsets.end(first + count - 1);
      std::vector<Index>& offsets = offsets_[which];
      offsets.assign(1, 0);
      Index longest = 0;
      for (Index q = first; q < first + count; ++q) {
        longest = std::max(longest, list.offsets.end(q) - list.offsets.begin(q));
        offsets.push_back(list.offsets.end(q) - begin);
      }
      list.items = {list.items.data() + begin, end - begin};
      list.offsets = {View<const Index, 1, Space>(offsets.data(), count + 1), longest};
    }
    return some;
  }

 private:
  static constexpr std::array lists{&QueryFilters<Space>::removed, &QueryFilters<Space>::denied,
                                    &QueryFilters<Space>::allowed, &QueryFilters<Space>::categories,
                                    &QueryFilters<Space>::denied_categories};
  QueryFilters<Space> filters_;
  std::array<std::vector<Index>, lists.size()> offsets_;
};

}  // namespace longshore::inline LONGSHORE_ABI
