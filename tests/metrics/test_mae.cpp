// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/mae.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("mae: by hand") {
  CHECK(ls::mae(std::vector<int>{1, 2, 3, 4}, std::vector<float>{1, 1, 3, 7}) == 1);
  CHECK(ls::mae(std::vector<float>{5}, std::vector<double>{5}) == 0);
}

TEST_CASE("mae: equals scikit-learn's mean_absolute_error") {
  const Golden golden("metrics/ratings");
  for (const auto& name : golden.cases())
    CHECK(ls::mae(golden.numbers(name + "/labels"), golden.numbers(name + "/predictions")) ==
          doctest::Approx(golden.numbers(name + "/mae")[0]).epsilon(1e-14));
}

TEST_CASE("mae: P14, refuses lengths that differ and nothing at all") {
  using Floats = std::vector<float>;
  CHECK_THROWS_AS(ls::mae(Floats{1}, Floats{}), ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::mae(Floats{}, Floats{}), "mae: expected at least one row, got none", ls::DataError);
}
