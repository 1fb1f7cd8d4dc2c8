// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/item_categories.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

namespace {

Ids list(std::span<const ls::Id> ids) { return {ids.begin(), ids.end()}; }

}  // namespace

TEST_CASE("ItemCategories: hand: one category an item, or none") {
  const ls::ItemCategories categories(Ids{2, -1, 0, 2});
  CHECK(categories.items() == 4);
  CHECK(categories.categories() == 3);
  CHECK(list(categories.of_item(0)) == Ids{2});
  CHECK(list(categories.of_item(1)).empty());
  CHECK(list(categories.of_category(2)) == Ids{0, 3});
  CHECK(list(categories.of_category(1)).empty());
}

TEST_CASE("ItemCategories: hand: any number, in any order, repeated ones once") {
  const std::vector<std::size_t> offsets{0, 3, 3, 5};
  const ls::ItemCategories categories(Ids{4, 1, 4, 1, 0}, offsets);
  CHECK(categories.items() == 3);
  CHECK(categories.categories() == 5);
  CHECK(list(categories.of_item(0)) == Ids{1, 4});
  CHECK(list(categories.of_item(2)) == Ids{0, 1});
  CHECK(list(categories.of_category(1)) == Ids{0, 2});
  CHECK(list(categories.of_category(4)) == Ids{0});
}

TEST_CASE("ItemCategories: edges: no items, and none that has a category") {
  CHECK(ls::ItemCategories().items() == 0);
  CHECK(ls::ItemCategories(Ids{}).categories() == 0);
  const ls::ItemCategories none(Ids{-1, -1});
  CHECK(none.items() == 2);
  CHECK(none.categories() == 0);
}

TEST_CASE("ItemCategories: refused: what is no category, offsets that do not fit, what is not there") {
  CHECK_THROWS_WITH_AS((ls::ItemCategories(Ids{0, -2})),
                       "ItemCategories: expected categories from 0, or -1 for none, item 1 has -2", ls::DataError);
  const std::vector<std::size_t> good{0, 1, 2}, bad{0, 2, 1, 2}, empty;
  CHECK_THROWS_WITH_AS((ls::ItemCategories(Ids{0, -1}, good)),
                       "ItemCategories: expected categories from 0, item 1 has -1", ls::DataError);
  for (const auto& offsets : {bad, empty}) CHECK_THROWS_AS((ls::ItemCategories(Ids{0, 1}, offsets)), ls::DataError);
  const ls::ItemCategories categories(Ids{0, 1});
  CHECK_THROWS_WITH_AS(categories.of_item(2),
                       "ItemCategories: items: id 2 at position 0 is outside the table of 2 rows", ls::DataError);
  CHECK_THROWS_AS(categories.of_category(-1), ls::DataError);
}
