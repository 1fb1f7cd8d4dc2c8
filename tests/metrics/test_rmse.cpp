// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/error.hpp>
#include <longshore/metrics/rmse.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("rmse: by hand") {
  CHECK(ls::rmse(std::vector<int>{1, 2, 3, 4}, std::vector<float>{1, 2, 3, 8}) == 2);
  CHECK(ls::rmse(std::vector<float>{5}, std::vector<double>{5}) == 0);
}

TEST_CASE("rmse: equals scikit-learn's root_mean_squared_error") {
  const Golden golden("metrics/ratings");
  for (const auto& name : golden.cases())
    CHECK(ls::rmse(golden.numbers(name + "/labels"), golden.numbers(name + "/predictions")) ==
          doctest::Approx(golden.numbers(name + "/rmse")[0]).epsilon(1e-14));
}

TEST_CASE("rmse: P13, neither overflows nor vanishes") {
  CHECK(ls::rmse(std::vector<double>{0, 0}, std::vector<double>{1e300, -1e300}) ==
        doctest::Approx(1e300).epsilon(1e-14));
  CHECK(ls::rmse(std::vector<double>{0, 0}, std::vector<double>{3e-300, 4e-300}) ==
        doctest::Approx(std::sqrt(12.5) * 1e-300).epsilon(1e-14));
}

TEST_CASE("rmse: P14, refuses lengths that differ and nothing at all") {
  using Floats = std::vector<float>;
  CHECK_THROWS_WITH_AS(ls::rmse(Floats{1}, Floats{}),
                       "rmse: expected one prediction a label, got 1 labels and 0 predictions", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::rmse(Floats{}, Floats{}), "rmse: expected at least one row, got none", ls::DataError);
}
