// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/cosine_distance.hpp>

namespace ls = longshore;

TEST_CASE("CosineDistance: equal, orthogonal, opposite and zero vectors of any length") {
  const float huge = std::numeric_limits<float>::max(), tiny = std::numeric_limits<float>::denorm_min();
  const ls::CosineDistance distance(
      xt::xtensor<float, 2>{{3, 4}, {30, 40}, {-4, 3}, {-3, -4}, {0, 0}, {huge, huge}, {tiny, tiny}});
  CHECK(distance(0, 1) == doctest::Approx(0).epsilon(1e-6));
  CHECK(distance(0, 2) == doctest::Approx(1).epsilon(1e-6));
  CHECK(distance(0, 3) == doctest::Approx(2).epsilon(1e-6));
  CHECK(distance(0, 4) == 1);
  CHECK(distance(4, 4) == 1);
  CHECK(std::abs(distance(5, 6)) < 1e-6);  // neither overflows nor vanishes
  CHECK(distance(2, 3) == distance(3, 2));
}

TEST_CASE("CosineDistance: P14, refuses unknown items and vectors that are not finite") {
  const ls::CosineDistance distance(xt::xtensor<float, 2>{{1, 0}, {0, 1}});
  CHECK_THROWS_WITH_AS(distance(0, 2), "CosineDistance: there are vectors of 2 items, got the id 2", ls::DataError);
  CHECK_THROWS_AS(distance(-1, 0), ls::DataError);
  CHECK_THROWS_WITH_AS(ls::CosineDistance(xt::xtensor<float, 2>{{1, std::numeric_limits<float>::infinity()}}),
                       "CosineDistance: expected finite item vectors, got infinity at position 1", ls::DataError);
}
