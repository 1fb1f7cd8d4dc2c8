// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/io/find_invalid_utf8.hpp>
#include <longshore/io/utf8_from_latin1.hpp>

TEST_CASE("utf8_from_latin1: writes each byte as its code point") {
  CHECK(longshore::utf8_from_latin1("") == "");
  CHECK(longshore::utf8_from_latin1("Mis\xe9rables, Les (1995)") == "Mis\xc3\xa9rables, Les (1995)");
  CHECK(longshore::utf8_from_latin1("\x80\xbf\xc0\xff") == "\xc2\x80\xc2\xbf\xc3\x80\xc3\xbf");
  for (int i = 0; i < 256; ++i) {
    const std::string converted = longshore::utf8_from_latin1(std::string(1, static_cast<char>(i)));
    CHECK(converted.size() == (i < 128 ? 1 : 2));
    CHECK(longshore::find_invalid_utf8(converted) == std::string::npos);
  }
}
