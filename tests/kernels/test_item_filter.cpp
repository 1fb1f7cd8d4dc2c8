// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/item_filter.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

namespace ls = longshore;

namespace {

// Six items: categories 0 and 2; 1; none; 2; 0 and 1; 1.
const std::vector<std::size_t> category_offsets{0, 2, 3, 3, 4, 6, 7}, item_offsets{0, 2, 5, 7};
const std::vector<ls::Id> categories_of{0, 2, 1, 2, 0, 1, 1}, items{0, 4, 1, 4, 5, 0, 3};

ls::ListedItems listed_items(const ls::ItemFilter& filter) {
  ls::ListedItems listed{filter, item_offsets.data(), items.data()};
  listed.filter.category_offsets = category_offsets.data();
  listed.filter.categories_of = categories_of.data();
  return listed;
}
std::vector<ls::Id> allowed_of(const ls::ListedItems& listed, ls::Index query) {
  std::vector<ls::Id> ids;
  for (ls::Id i = 0; i < 6; ++i)
    if (listed.filter.allows(query, i)) ids.push_back(i);
  return ids;
}
std::vector<ls::Id> walked(const ls::ListedItems& listed, ls::Index query) {
  std::vector<ls::Id> ids;
  listed.for_each(query, [&](ls::Id id) { ids.push_back(id); });
  return ids;
}

}  // namespace

TEST_CASE("ItemFilter: an item must pass every list that is there, of its query or of all") {
  const std::vector<ls::Id> ids{1, 1, 3, 0, 2};
  const std::vector<ls::Index> two{0, 3, 5}, one{0, 3};
  CHECK(allowed_of(listed_items({}), 0).size() == 6);
  CHECK(allowed_of(listed_items({.removed = {ids.data(), two.data()}}), 0) == std::vector<ls::Id>{0, 2, 4, 5});
  CHECK(allowed_of(listed_items({.denied = {ids.data(), two.data()}}), 1) == std::vector<ls::Id>{1, 3, 4, 5});
  CHECK(allowed_of(listed_items({.allowed = {ids.data(), one.data(), true}}), 1) == std::vector<ls::Id>{1, 3});
  CHECK(allowed_of(listed_items({.categories = {ids.data(), two.data()}}), 1) == std::vector<ls::Id>{0, 3, 4});
  CHECK(allowed_of(listed_items({.denied_categories = {ids.data(), two.data()}}), 1) == std::vector<ls::Id>{1, 2, 5});
  CHECK(allowed_of(listed_items({.removed = {ids.data(), one.data(), true}, .categories = {ids.data(), two.data()}}),
                   1) == std::vector<ls::Id>{0, 4});
  CHECK_FALSE(listed_items({.removed = {ids.data(), two.data()}}).filter.restricts());
  CHECK(listed_items({.categories = {ids.data(), two.data()}}).filter.restricts());
}

TEST_CASE("ListedItems: the shorter list is walked, each item once, and other lists are asked") {
  const std::vector<ls::Id> ids{1, 1, 3, 5}, kinds{0, 1, 1}, removed{4};
  const std::vector<ls::Index> four{0, 4}, three{0, 3}, one{0, 1};
  const auto named = listed_items({.allowed = {ids.data(), four.data()}});
  CHECK(named.size(0) == 4);
  CHECK(walked(named, 0) == std::vector<ls::Id>{1, 3, 5});
  const auto by_category =
      listed_items({.removed = {removed.data(), one.data()}, .categories = {kinds.data(), three.data()}});
  CHECK(by_category.size(0) == 8);  // 2 + 3 + 3
  CHECK(walked(by_category, 0) == std::vector<ls::Id>{0, 1, 5});
  const auto with_all = listed_items({.categories = {kinds.data(), three.data()}});
  CHECK(walked(with_all, 0) == std::vector<ls::Id>{0, 4, 1, 5});  // item 4 is of both, and comes once
  const auto both = listed_items({.allowed = {ids.data(), four.data()}, .categories = {kinds.data(), three.data()}});
  CHECK(both.size(0) == 4);
  CHECK(walked(both, 0) == std::vector<ls::Id>{1, 5});
  const auto few = listed_items({.allowed = {ids.data(), four.data()}, .categories = {kinds.data(), one.data()}});
  CHECK(few.size(0) == 2);  // of category 0
  CHECK(walked(few, 0).empty());
  const std::vector<ls::Index> none{0, 0};
  CHECK(walked(listed_items({.allowed = {ids.data(), none.data()}}), 0).empty());
}
