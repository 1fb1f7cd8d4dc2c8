// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/error.hpp>
#include <longshore/metrics/novelty.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("novelty: bits of surprise by hand, unknown items as if met once") {
  const std::vector<std::size_t> counts{8, 4, 4, 0};  // shares 1/2, 1/4, 1/4
  const auto result = ls::novelty({{0, 1}, {2, -1}, {3, 0}}, counts);
  CHECK(result.per_row == xt::xtensor<double, 1>{1.5, 2, 2.5});
  CHECK(result.value == 2);
  CHECK(result.name == "novelty@2");
}

TEST_CASE("novelty: P14, refuses counts of nothing and unknown items") {
  const std::vector<std::size_t> none{0, 0}, two{1, 1};
  CHECK_THROWS_WITH_AS(ls::novelty({{0}}, none), "novelty: expected counts of training events, got none",
                       ls::DataError);
  CHECK_THROWS_AS(ls::novelty({{2}}, two), ls::DataError);
}
