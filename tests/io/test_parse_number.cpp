// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <limits>
#include <string>

#include <longshore/io/parse_number.hpp>

using longshore::parse_number;

TEST_CASE("parse_number: reads what fills the text") {
  CHECK(parse_number<std::int64_t>("0") == 0);
  CHECK(parse_number<std::int64_t>("-42") == -42);
  CHECK(parse_number<std::int64_t>("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_number<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_number<float>("3") == 3.0F);
  CHECK(parse_number<float>("3.5") == 3.5F);
  CHECK(parse_number<float>("-.5e1") == -5.0F);
  CHECK(parse_number<float>("3.4028235e38") == std::numeric_limits<float>::max());
  CHECK(parse_number<double>("0.1") == 0.1);
  CHECK(parse_number<double>("1e22") == 1e22);
}

TEST_CASE("parse_number: P10, refuses everything else") {
  for (const std::string text : {"", "-", " 1", "1 ", "+1", "1x", "1.5", "9223372036854775808", "0x10", "1,5"})
    CHECK_MESSAGE(!parse_number<std::int64_t>(text), text);
  for (const std::string text : {"", "-", ".", "-.", "e5", " 1", "1 ", "+1", "1,5", "1e", "1.5.5", "0x1p3", "1f"})
    CHECK_MESSAGE(!parse_number<float>(text), text);
}

TEST_CASE("parse_number: P12, refuses what is not finite or out of range") {
  for (const std::string text :
       {"nan", "NaN", "-nan", "nan(1)", "inf", "-inf", "INFINITY", "infinity", "1e999", "-1e999", "1e-999"}) {
    CHECK_MESSAGE(!parse_number<float>(text), text);
    CHECK_MESSAGE(!parse_number<double>(text), text);
  }
  CHECK_FALSE(parse_number<float>("1e39"));
  CHECK(parse_number<double>("1e39") == 1e39);
}

TEST_CASE("a decimal comma is one where a point would make a number") {
  for (const char* text : {"4,5", "-0,25", "1,5e3", ",5"}) CHECK(longshore::has_decimal_comma(text));
  for (const char* text : {"4.5", "4", "", ",", "1,2,3", "a,b", "1.000,5"})
    CHECK_FALSE(longshore::has_decimal_comma(text));
}
