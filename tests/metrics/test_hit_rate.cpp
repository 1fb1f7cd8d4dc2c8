// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/metrics/hit_rate.hpp>
#include <tests/support/rankings.hpp>

namespace ls = longshore;

TEST_CASE("hit_rate: the share of rows with a relevant item among the first k") {
  const auto ranking = ranking_with({{1}, {10}, {11}, {3, 50}, {10.5}});
  CHECK(ls::hit_rate(10)(ranking).value == doctest::Approx(4.0 / 5));  // the mean of places 10 and 11 is a hit
  CHECK(ls::hit_rate(11)(ranking).value == 1);
  CHECK(ls::hit_rate(1)(ranking).value == doctest::Approx(1.0 / 5));
  CHECK(ls::hit_rate(10)(ranking).per_row == xt::xtensor<double, 1>{1, 1, 0, 1, 1});
  CHECK(ls::hit_rate(10)(ranking).name == "HR@10");
}
