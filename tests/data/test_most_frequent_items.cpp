// SPDX-License-Identifier: Apache-2.0
#include <longshore/data/most_frequent_items.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

TEST_CASE("the most frequent items come first, and of equally frequent ones the more recent") {
  const Ids items{7, 3, 7, 5, 3, 9, 5, 7};  // 7 three times; 3 and 5 twice, 5 later; 9 once
  CHECK(ls::most_frequent_items(items, 1) == Ids{7});
  CHECK(ls::most_frequent_items(items, 2) == Ids{7, 5});
  CHECK(ls::most_frequent_items(items, 3) == Ids{7, 5, 3});
  CHECK(ls::most_frequent_items(items, 4) == Ids{7, 5, 3, 9});
}

TEST_CASE("there are no more items than there are, and none of none") {
  CHECK(ls::most_frequent_items(Ids{2, 1}, 10) == Ids{1, 2});
  CHECK(ls::most_frequent_items(Ids{2, 1}, 0).empty());
  CHECK(ls::most_frequent_items(Ids{}, 3).empty());
}
