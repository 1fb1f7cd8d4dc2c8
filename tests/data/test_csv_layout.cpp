// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/csv_layout.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("csv_layout: the header shows separator and columns") {
  for (const std::string separator : {"\t", ",", ";", "|", "::", " "}) {
    const auto layout =
        ls::csv_layout("time" + separator + "item_id" + separator + "\"user_id\"" + separator + "rating");
    REQUIRE(layout);
    CHECK(layout->format.separator == separator);
    CHECK(layout->has_header);
    CHECK(layout->user == 2);
    CHECK(layout->item == 1);
    CHECK(layout->value == 3);
    CHECK(layout->time == 0);
  }
  const auto quoted = ls::csv_layout("\"a;b\",user,item");
  REQUIRE(quoted);
  CHECK(quoted->format.separator == ",");
  CHECK(quoted->user == 1);
  for (const std::string line : {"", "user", "item,rating", "a,b,c", "\"user,item", "1,2,3"})
    CHECK_FALSE(ls::csv_layout(line));
}

TEST_CASE("csv_layout: the settings name separator, columns or the whole header") {
  const auto named = ls::csv_layout(
      "k1,k2,n,t,p", {.user = "k2", .item = "k1", .value = "n", .time = "t", .columns = {{.name = "p"}}});
  REQUIRE(named);
  CHECK(named->user == 1);
  CHECK(named->item == 0);
  CHECK(named->value == 2);
  CHECK(named->time == 3);
  REQUIRE(named->further.size() == 1);
  CHECK(named->further[0].field == 4);
  const auto separated = ls::csv_layout("user#item,x", {.separator = "#"});
  REQUIRE_FALSE(separated);
  CHECK(ls::csv_layout("user#item", {.separator = "#"}));
  const auto bare = ls::csv_layout("A2M,B00,5.0,1369699200", {.header = {"user", "item", "rating", "time"}});
  REQUIRE(bare);
  CHECK_FALSE(bare->has_header);
  CHECK(bare->value == 2);
  CHECK_FALSE(ls::csv_layout("\"user\",item", {.quotes = false}));
}

TEST_CASE("csv_layout: P14, a named column that the header lacks is refused") {
  CHECK(test::error_text<ls::DataError>([] { ls::csv_layout("user,item,x", {.value = "stars"}); }) ==
        "expected a column 'stars' in the header, got 'user', 'item', 'x'");
  CHECK(test::error_text<ls::DataError>([] { ls::csv_layout("user,item,x", {.time = "at"}); }) ==
        "expected a column 'at' in the header, got 'user', 'item', 'x'");
  // The separator that finds the most columns says which there are.
  CHECK(test::error_text<ls::DataError>([] { ls::csv_layout("user id;item;x y", {.user = "id"}); }) ==
        "expected a column 'id' in the header, got 'user id', 'item', 'x y'");
  CHECK(test::error_text<ls::DataError>([] { ls::csv_layout("user,x", {.item = "y"}); }) ==
        "expected a column 'y' in the header, got 'user', 'x'");
  CHECK_THROWS_AS(ls::csv_layout("user,item,x", {.columns = {{.name = "y"}}}), ls::DataError);
  CHECK(test::error_text<ls::DataError>([] {
          ls::csv_layout("1,2,3,4", {.header = {"user", "item", "time"}});
        }) == "ReadSettings::header has 3 names, the first line 4 fields");
  CHECK(test::error_text<ls::DataError>([] {
          ls::csv_layout("1,2,3", {.separator = ";", .header = {"user", "item", "time"}});
        }) == "ReadSettings::header has 3 names, the first line 1 field between separators ';'");
}
