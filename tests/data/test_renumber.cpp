// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/renumber.hpp>
#include "tests/support/log_of.hpp"

namespace ls = longshore;

TEST_CASE("renumber: ids ascend with their keys, and names go with their items") {
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const ls::InteractionLog before = test::random_log(seed, 200, 12, 30);
    ls::InteractionLog log = before;
    ls::renumber(log);
    ls::check_log(log);
    CHECK(test::events_of(log) == test::events_of(before));
    CHECK(log.columns.get<ls::Id>("row") == before.columns.get<ls::Id>("row"));
    for (ls::Id item = 0; item < log.item_count(); ++item) {
      if (item > 0) CHECK(*log.item_ids.integer(item) > *log.item_ids.integer(item - 1));
      CHECK(log.item_names[static_cast<std::size_t>(item)] == "name of " + log.item_ids.key(item));
      CHECK(log.item_categories[static_cast<std::size_t>(item)] == "category of " + log.item_ids.key(item));
    }
    for (ls::Id user = 1; user < log.user_count(); ++user) CHECK(log.user_ids.key(user) > log.user_ids.key(user - 1));
  }
}

TEST_CASE("renumber: P11, a log with an id outside its table is refused") {
  ls::InteractionLog log = test::log_of({{"a", "x"}});
  log.items(0) = 1;
  CHECK_THROWS_AS(ls::renumber(log), ls::DataError);
}
