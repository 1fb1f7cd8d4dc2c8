// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/cosine_distance.hpp>
#include <longshore/metrics/diversity.hpp>

namespace ls = longshore;

TEST_CASE("diversity: the mean distance of the pairs of a list") {
  const auto distance = [](ls::Id a, ls::Id b) { return std::abs(a - b); };
  const auto result = ls::diversity({{0, 1, 3}, {5, -1, 9}, {7, -1, -1}}, distance);
  CHECK(result.per_row == xt::xtensor<double, 1>{2, 4, 0});
  CHECK(result.value == 2);
  CHECK(result.name == "diversity@3");
}

TEST_CASE("diversity: of vectors by their angle") {
  const ls::CosineDistance distance(xt::xtensor<float, 2>{{2, 0}, {0, 5}, {3, 0}});
  CHECK(ls::diversity({{0, 1, 2}}, distance).value == doctest::Approx(2.0 / 3).epsilon(1e-7));
}

TEST_CASE("diversity: P12, a distance that is no number is refused") {
  CHECK_THROWS_WITH_AS(ls::diversity({{4, 6}}, [](ls::Id, ls::Id) { return std::numeric_limits<double>::quiet_NaN(); }),
                       "diversity: the distance of 4 and 6 is not finite", ls::DataError);
}
