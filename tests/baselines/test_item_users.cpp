// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/baselines/item_users.hpp>
#include <tests/support/histories.hpp>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

TEST_CASE("ItemUsers: every pair once, ascending, by users and by items") {
  const ls::ItemUsers pairs(histories_of({{2, 0, 2}, {}, {0}}), 4);
  const auto list = [](std::span<const ls::Id> ids) { return Ids(ids.begin(), ids.end()); };
  CHECK(pairs.users() == 3);
  CHECK(pairs.items() == 4);
  CHECK(list(pairs.items_of(0)) == Ids{0, 2});
  CHECK(list(pairs.items_of(1)) == Ids{});
  CHECK(list(pairs.items_of(2)) == Ids{0});
  CHECK(list(pairs.users_of(0)) == Ids{0, 2});
  CHECK(list(pairs.users_of(1)) == Ids{});
  CHECK(list(pairs.users_of(2)) == Ids{0});
  CHECK(list(pairs.users_of(3)) == Ids{});
}
