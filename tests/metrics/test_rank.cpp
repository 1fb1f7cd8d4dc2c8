// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/rank.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("rank: counts what scores higher, without the removed") {
  const xt::xtensor<float, 1> scores{0.1F, 0.9F, 0.5F, 0.7F};
  CHECK(ls::rank(scores, 1) == 1);
  CHECK(ls::rank(scores, 2) == 3);
  const std::array<ls::Id, 2> removed{1, 1};
  CHECK(ls::rank(scores, 2, removed) == 2);
  CHECK(ls::rank(scores, 1, removed) == 1);  // a target stays a candidate
}

TEST_CASE("rank: scores in double that float could not tell apart") {
  const std::vector<double> scores{1.0, 1.0 + 1e-12};
  CHECK(ls::rank(scores, 0) == 2);
  CHECK(ls::rank(scores, 1) == 1);
}

TEST_CASE("rank: P14, refuses NaN, unknown items and nothing at all") {
  CHECK_THROWS_WITH_AS(ls::rank(std::vector<float>{}, 0), "rank: expected at least one score, got none",
                       ls::ShapeError);
  CHECK_THROWS_AS(ls::rank(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}, 0), ls::DataError);
  CHECK_THROWS_AS(ls::rank(std::vector<float>{1, 2}, 2), ls::DataError);
  CHECK_THROWS_AS(ls::rank(std::vector<float>{1, 2}, -1), ls::DataError);
}
