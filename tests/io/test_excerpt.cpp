// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <string>

#include <longshore/io/excerpt.hpp>

TEST_CASE("excerpt: shows at most 60 bytes, and nothing that a terminal would obey") {
  CHECK(longshore::excerpt("") == "''");
  CHECK(longshore::excerpt("a b~") == "'a b~'");
  CHECK(longshore::excerpt(std::string("\x1b[2J\n\0\x7f", 7)) == "'\\x1b[2J\\x0a\\x00\\x7f'");
  CHECK(longshore::excerpt("\xc3\xa9") == "'\\xc3\\xa9'");
  CHECK(longshore::excerpt(std::string(60, 'a')) == "'" + std::string(60, 'a') + "'");
  CHECK(longshore::excerpt(std::string(61, 'a')) == "'" + std::string(60, 'a') + "'...");
  std::string all;
  for (int i = 0; i < 256; ++i) all = longshore::excerpt(std::string(1, static_cast<char>(i)));
  CHECK(std::ranges::all_of(all, [](char letter) { return letter >= ' ' && letter <= '~'; }));
}
