// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/coverage.hpp>

namespace ls = longshore;

TEST_CASE("coverage: the share of items that anybody gets") {
  CHECK(ls::coverage({{0, 1}, {1, 2}}, 4) == 0.75);
  CHECK(ls::coverage({{3, -1}, {3, -1}}, 4) == 0.25);
  CHECK(ls::coverage({{3, 0}, {1, 2}}, 4) == 1);
  CHECK_THROWS_AS(ls::coverage(xt::xtensor<ls::Id, 2>::from_shape({0, 2}), 4), ls::DataError);
}
