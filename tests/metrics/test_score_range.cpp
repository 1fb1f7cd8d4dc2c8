// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/score_range.hpp>
#include <span>
#include <vector>

namespace ls = longshore;

TEST_CASE("ScoreRange: float and double side by side, no integers") {
  CHECK(ls::ScoreRange<std::vector<float>>);
  CHECK(ls::ScoreRange<std::span<const double>>);
  CHECK(ls::ScoreRange<xt::xtensor<float, 1>>);
  CHECK_FALSE(ls::ScoreRange<std::vector<int>>);
  CHECK_FALSE(ls::ScoreRange<std::vector<long double>>);
}
