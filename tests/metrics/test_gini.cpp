// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/gini.hpp>

namespace ls = longshore;

TEST_CASE("gini: 0 where exposure is even, near 1 where one item has all of it") {
  CHECK(ls::gini({{0, 1}, {2, 3}}, 4) == 0);
  CHECK(ls::gini({{1}, {1}, {1}}, 4) == 0.75);                                       // (I - 1) / I
  CHECK(ls::gini({{0, 1}, {0, -1}}, 3) == doctest::Approx(4.0 / 9).epsilon(1e-15));  // counts 0 1 2
  CHECK_THROWS_AS(ls::gini({{0, 3}}, 3), ls::DataError);
}
