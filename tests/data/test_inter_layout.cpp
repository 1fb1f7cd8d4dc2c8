// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/inter_layout.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("inter_layout: recognises headers of name:type") {
  const auto layout = ls::inter_layout("timestamp:float\titem_id:token\tuser_id:token\trating:float");
  REQUIRE(layout);
  CHECK(layout->format.separator == "\t");
  CHECK_FALSE(layout->format.quotes);
  CHECK(layout->has_header);
  CHECK(layout->user == 2);
  CHECK(layout->item == 1);
  CHECK(layout->value == 3);
  CHECK(layout->time == 0);
  const auto session = ls::inter_layout("session_id:token,item_id:token");
  REQUIRE(session);
  CHECK(session->format.separator == ",");
  CHECK_FALSE(session->value);
  CHECK_FALSE(session->time);
  for (const std::string line : {"", "user_id\titem_id", "user_id:token\titem_id", "user_id:int\titem_id:token",
                                 "1\t2\t3\t4", "a b c", "https://x:1\t2:token"})
    CHECK_FALSE(ls::inter_layout(line));
}

TEST_CASE("inter_layout: takes columns by their names, and further ones with the kind of their type") {
  using Kind = ls::ReadSettings::ColumnKind;
  const std::string header = "u:token\ti:token\tclicks:float\tat:float\tkind:token\tprice:float\ttags:token_seq";
  const auto layout = ls::inter_layout(
      header,
      {.user = "u", .item = "i", .value = "clicks", .time = "at", .columns = {{.name = "price"}, {.name = "kind"}}});
  REQUIRE(layout);
  CHECK(layout->user == 0);
  CHECK(layout->item == 1);
  CHECK(layout->value == 2);
  CHECK(layout->time == 3);
  REQUIRE(layout->further.size() == 2);
  CHECK(layout->further[0].kind == Kind::number);
  CHECK(layout->further[1].kind == Kind::key);
}

TEST_CASE("inter_layout: P14, missing columns and lists are refused") {
  const auto error = [](const std::string& header, const ls::ReadSettings& settings) {
    return test::error_text<ls::DataError>([&] { ls::inter_layout(header, settings); });
  };
  CHECK(test::has(error("a:token\tb:token", {}), "expected columns of users and items, such as user_id:token"));
  CHECK(error("user_id:token\titem_id:token", {.user = "u"}) ==
        "expected a column 'u' in the header, got 'user_id', 'item_id'");
  CHECK(test::has(error("user_id:token\titem_id:token", {.time = "t"}), "expected a column 't'"));
  CHECK(test::has(error("user_id:token\titem_id:token", {.value = "v"}), "expected a column 'v'"));
  CHECK(test::has(error("user_id:token\titem_id:token", {.columns = {{.name = "c"}}}), "expected a column 'c'"));
  CHECK(error("user_id:token\titem_id:token_seq", {}) ==
        "expected one entry an event in the column 'item_id', got lists (token_seq)");
  CHECK(error("user_id:token\tuser_id:token\titem_id:token", {}) ==
        "expected one column 'user_id' in the header, got several");
  CHECK(error("a:token,b:token,c:token", {.limits = {.fields = 2}}) ==
        "the record has more fields than the limit of 2 (ReadLimits::fields)");
  CHECK(test::has(error("user_id:token\titem_id:token\tx:float_seq", {.columns = {{.name = "x"}}}),
                  "got lists (float_seq)"));
}
