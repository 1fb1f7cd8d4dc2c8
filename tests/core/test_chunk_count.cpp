// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/chunk_count.hpp>

#include <limits>

#include <doctest/doctest.h>

namespace ls = longshore;

TEST_CASE("chunk_count: rounds up, to the greatest count that there is") {
  CHECK(ls::chunk_count(0, 4) == 0);
  CHECK(ls::chunk_count(1, 4) == 1);
  CHECK(ls::chunk_count(4, 4) == 1);
  CHECK(ls::chunk_count(5, 4) == 2);
  constexpr ls::Index most = std::numeric_limits<ls::Index>::max();
  CHECK(ls::chunk_count(most, 1) == most);
  CHECK(ls::chunk_count(most, 1024) == 2'097'152);
  CHECK(ls::chunk_count(most, most) == 1);
}
