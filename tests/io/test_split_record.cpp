// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <longshore/io/split_record.hpp>

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
  CHECK_FALSE(ls::split_record(std::string(5000, ','), {}));
}
