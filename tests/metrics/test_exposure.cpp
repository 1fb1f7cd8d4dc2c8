// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/exposure.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("exposure: counts the places of every item, not the empty ones") {
  CHECK(ls::exposure({{0, 2}, {2, -1}, {2, 0}}, 4) == std::vector<std::size_t>{2, 0, 3, 0});
  CHECK_THROWS_WITH_AS(ls::exposure({{0, 4}}, 4),
                       "exposure: the catalogue has 4 items, and list 0 has the id 4 at place 1", ls::DataError);
}
