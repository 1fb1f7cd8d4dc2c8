// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/select_rows.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;
using Rows = std::vector<std::size_t>;

namespace {

ls::InteractionLog some_log() {
  ls::InteractionLog log = test::log_of({{"a", "x", 1, 10}, {"b", "y", 2, 20}, {"c", "z", 3, 30}, {"a", "z", 4, 40}});
  log.item_names = {"X", "Y", "Z"};
  log.item_categories = {"one", "two", "three"};
  return log;
}

}  // namespace

TEST_CASE("select_rows: users and items that are left are numbered anew in the same order, with their names") {
  const ls::InteractionLog log = ls::select_rows(some_log(), Rows{3, 2, 3});
  ls::check_log(log);
  CHECK(test::events_of(log) == Events{{"a", "z", 4, 40}, {"c", "z", 3, 30}, {"a", "z", 4, 40}});
  CHECK(log.users == xt::xtensor<ls::Id, 1>{0, 1, 0});
  CHECK(log.items == xt::xtensor<ls::Id, 1>{0, 0, 0});
  CHECK(log.item_names == std::vector<std::string>{"Z"});
  CHECK(log.item_categories == std::vector<std::string>{"three"});
  CHECK(log.columns.get<ls::Id>("row") == xt::xtensor<ls::Id, 1>{3, 2, 3});
  CHECK(log.has_times);
  CHECK(log.has_values);
  CHECK(log.user_ids.table() == "users");
}

TEST_CASE("select_rows: ids may stay as they are") {
  const ls::InteractionLog log = ls::select_rows(some_log(), Rows{3}, ls::Ids::keep);
  ls::check_log(log);
  CHECK(log.users == xt::xtensor<ls::Id, 1>{0});
  CHECK(log.items == xt::xtensor<ls::Id, 1>{2});
  CHECK(log.user_count() == 3);
  CHECK(log.item_names.size() == 3);
  CHECK(ls::select_rows(some_log(), {}).size() == 0);
  CHECK(ls::select_rows(some_log(), {}).user_count() == 0);
}

TEST_CASE("select_rows: P11, P14, rows outside the log are refused") {
  CHECK(test::error_text<ls::DataError>([] { ls::select_rows(some_log(), Rows{4}); }) ==
        "select_rows: expected rows below 4, got 4");
  ls::InteractionLog log = some_log();
  log.users(0) = -1;
  CHECK_THROWS_AS(ls::select_rows(log, Rows{0}), ls::DataError);
}
