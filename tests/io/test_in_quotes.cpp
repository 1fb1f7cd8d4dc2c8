// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/in_quotes.hpp>

#include <string>

#include <doctest/doctest.h>

using longshore::in_quotes;

TEST_CASE("a text is quoted as it is when it is short and plain") {
  CHECK(in_quotes("") == "\"\"");
  CHECK(in_quotes("items.weights") == "\"items.weights\"");
  CHECK(in_quotes(std::string(60, 'x')) == '"' + std::string(60, 'x') + '"');
}

TEST_CASE("a long text is cut, and what a terminal would obey is replaced") {
  CHECK(in_quotes(std::string(61, 'x')) == '"' + std::string(60, 'x') + "\"...");
  CHECK(in_quotes("a\x1b[2Jb\n\t\x7f\xc3\xa9") == "\"a\\x1b[2Jb\\x0a\\x09\\x7f\\xc3\\xa9\"");
  CHECK(in_quotes(std::string("a\0b", 3)) == "\"a\\x00b\"");
  const std::string text = "\x1b";
  CHECK(in_quotes(text) == "\"\\x1b\"");
}
