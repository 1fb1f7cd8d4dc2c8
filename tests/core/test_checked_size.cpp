// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <longshore/core/checked_size.hpp>

namespace ls = longshore;

TEST_CASE("checked_size: gives sizes that an Index holds, and refuses the others with the words of the block") {
  CHECK(ls::checked_size("Here", "in + out", 0) == 0);
  CHECK(ls::checked_size("Here", "in + out", std::int64_t{7} + 8) == 15);
  CHECK(ls::checked_size("Here", "in + out", 2147483647) == std::numeric_limits<ls::Index>::max());
  CHECK_THROWS_WITH_AS(ls::checked_size("Here", "in + out", 2147483648),
                       "Here: in + out is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::checked_size("Here", "in + out", -1),
                       "Here: in + out is at least 0 and below 2^31, it is -1", ls::ShapeError);
}
