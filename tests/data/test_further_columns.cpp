// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/further_columns.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;
using Kind = ls::ReadSettings::ColumnKind;

TEST_CASE("further_columns: finds wanted columns; their kind is the one asked for, else the stated one, else number") {
  const std::vector<std::string> header = {"user", "item", "price", "shop"};
  const std::vector<Kind> stated = {Kind::key, Kind::key, Kind::number, Kind::key};
  const ls::ReadSettings settings{.columns = {{.name = "shop"}, {.name = "price", .kind = Kind::time}}};
  const auto found = ls::further_columns(settings, header, stated);
  REQUIRE(found.size() == 2);
  CHECK(found[0].field == 3);
  CHECK(found[0].name == "shop");
  CHECK(found[0].kind == Kind::key);
  CHECK(found[1].field == 2);
  CHECK(found[1].kind == Kind::time);
  CHECK(ls::further_columns(settings, header)[0].kind == Kind::number);
  CHECK(ls::further_columns({}, header).empty());
}

TEST_CASE("further_columns: P14, a column that the header lacks is refused") {
  CHECK(test::error_text<ls::DataError>([] {
          ls::further_columns({.columns = {{.name = "cost"}}}, std::vector<std::string>{"user", "price"});
        }) == "expected a column 'cost' in the header, got 'user', 'price'");
}
