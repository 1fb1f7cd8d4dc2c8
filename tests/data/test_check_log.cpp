// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <limits>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;

namespace {

ls::InteractionLog good() { return test::log_of({{"a", "x"}, {"b", "y"}, {"a", "y"}}); }

template <class Kind>
std::string error_of(const ls::InteractionLog& log) {
  return test::error_text<Kind>([&] { ls::check_log(log); });
}

}  // namespace

TEST_CASE("check_log: accepts what readers make") {
  CHECK_NOTHROW(ls::check_log(good()));
  CHECK_NOTHROW(ls::check_log(test::random_log(1, 100, 5, 7)));
}

TEST_CASE("check_log: P14, columns of different lengths are refused") {
  ls::InteractionLog log = good();
  log.items = xt::xtensor<ls::Id, 1>{0, 1};
  CHECK(error_of<ls::ShapeError>(log) == "check_log: expected items to have the length of users, 3, got 2");
  log = good();
  log.values = xt::xtensor<float, 1>{0, 1};
  CHECK(error_of<ls::ShapeError>(log) == "check_log: expected values to have the length of users, 3, got 2");
  log = good();
  log.times = xt::xtensor<ls::Seconds, 1>{0, 1, 2, 3};
  CHECK(error_of<ls::ShapeError>(log) == "check_log: expected times to have the length of users, 3, got 4");
  log = good();
  log.columns = ls::Columns();
  log.columns.set("price", xt::xtensor<float, 1>{1});
  CHECK(error_of<ls::ShapeError>(log) == "check_log: expected columns to have the length of users, 3, got 1");
  log = good();
  log.item_names = {"one"};
  CHECK(error_of<ls::ShapeError>(log) == "check_log: expected 2 item_names, one an item, got 1");
  log = good();
  log.item_categories = {"one", "two", "three"};
  CHECK(error_of<ls::ShapeError>(log) == "check_log: expected 2 item_categories, one an item, got 3");
}

TEST_CASE("check_log: P11, ids outside their tables are refused") {
  for (const ls::Id id : {-1, 2, std::numeric_limits<ls::Id>::min(), std::numeric_limits<ls::Id>::max()}) {
    ls::InteractionLog log = good();
    log.users(2) = id;
    CHECK(error_of<ls::DataError>(log) ==
          "check_log: row 2 has the user " + std::to_string(id) + ", the table of users has 2");
    log = good();
    log.items(1) = id;
    CHECK(error_of<ls::DataError>(log) ==
          "check_log: row 1 has the item " + std::to_string(id) + ", the table of items has 2");
  }
}

TEST_CASE("check_log: P12, values that are not finite are refused") {
  for (const float value : {NAN, -NAN, INFINITY, -INFINITY}) {
    ls::InteractionLog log = good();
    log.values(1) = value;
    CHECK(test::has(error_of<ls::DataError>(log), "check_log: row 1 has the value "));
  }
}
