// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/io/split_record.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;
using Fields = std::vector<std::string>;

TEST_CASE("split_record: gives the fields of a line, without the spaces around them") {
  CHECK(ls::split_record("user_id, item_id ,\"a, b\"", {}) == Fields{"user_id", "item_id", "a, b"});
  CHECK(ls::split_record("1::2", {.separator = "::"}) == Fields{"1", "2"});
  CHECK(ls::split_record("a\xff,b", {}) == Fields{"a\xff", "b"});
  CHECK(ls::split_record("", {}) == Fields{});
}

TEST_CASE("split_record: gives nothing where the line is no record") {
  CHECK_FALSE(ls::split_record("\"a,b", {}));
  CHECK_FALSE(ls::split_record("\"a\"b", {}));
  CHECK(ls::split_record("\"a,b", {.quotes = false}) == Fields{"\"a", "b"});
}

TEST_CASE("split_record: P22, refuses more fields than there may be, exactly") {
  CHECK(ls::split_record(std::string(4095, ','), {})->size() == 4096);
  CHECK(ls::split_record("a,b", {}, 2) == Fields{"a", "b"});
  CHECK_FALSE(ls::split_record("a,\"b", {}, 2));  // two fields, of which one never ends
  for (const char* text : {"a,b,c", "a,b,c,d", "a,b,\"c", "\"a\"\"\",b,c"})
    CHECK(test::error_text<ls::DataError>([&] { ls::split_record(text, {}, 2); }) ==
          "the record has more fields than the limit of 2 (ReadLimits::fields)");
  for (const auto& [text, column] : {std::pair("a,b,c", 5), {"a,b,c,d", 5}, {"a,b,\"c", 5}, {"\"a\"\"\",b,c", 9}}) {
    std::size_t place = 0;
    try {
      ls::split_record(text, {}, 2);
    } catch (const ls::RecordError& error) {
      place = error.column();
    }
    CHECK(place == static_cast<std::size_t>(column));
  }
  CHECK(ls::split_record("a,b", {}, std::string::npos) == Fields{"a", "b"});
}
