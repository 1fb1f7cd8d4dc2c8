// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <utility>

#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>
#include "tests/support/log_of.hpp"

namespace ls = longshore;

TEST_CASE("interaction_log: a new log is empty and valid") {
  const ls::InteractionLog log;
  CHECK(log.size() == 0);
  CHECK(log.user_count() == 0);
  CHECK(log.item_count() == 0);
  CHECK(log.user_ids.table() == "users");
  CHECK(log.item_ids.table() == "items");
  CHECK_NOTHROW(ls::check_log(log));
}

TEST_CASE("interaction_log: a copy is a value of its own") {
  ls::InteractionLog log = test::log_of({{"a", "x", 3, 10}, {"b", "y", 4, 20}});
  const ls::InteractionLog copy = log;
  log.values(0) = 9;
  log.columns.get<ls::Id>("row")(0) = 9;
  log.item_ids.insert("z");
  CHECK(copy.values(0) == 3.0F);
  CHECK(copy.columns.get<ls::Id>("row")(0) == 0);
  CHECK(copy.item_count() == 2);
  CHECK(log.item_count() == 3);
  const ls::InteractionLog moved = std::move(log);
  CHECK(moved.size() == 2);
}
