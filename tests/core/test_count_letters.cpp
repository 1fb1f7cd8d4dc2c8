// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/count_letters.hpp>

#include <doctest/doctest.h>

namespace ls = longshore;

TEST_CASE("count_letters: a letter of several bytes is one") {
  CHECK(ls::count_letters("") == 0);
  CHECK(ls::count_letters("abc d") == 5);
  CHECK(ls::count_letters("é") == 1);
  CHECK(ls::count_letters("Ein schöner Übergang €") == 22);
  CHECK(ls::count_letters("\xF0\x9F\x8E\xA8!") == 2);  // U+1F3A8
}
