// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/calibration_error.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;
using Doubles = std::vector<double>;

TEST_CASE("calibration_error: by hand, the ends included") {
  CHECK(ls::calibration_error(Doubles{1, 0, 1, 0}, Doubles{1, 0, 1, 0}) == 0);
  CHECK(ls::calibration_error(Doubles{1, 0}, Doubles{0.75, 0.75}, 1) == 0.25);
  // bins (0, .5] and (.5, 1]: excess 0 + 1 - .5 - .25 and 1 - .75
  CHECK(ls::calibration_error(Doubles{0, 1, 1}, Doubles{0.5, 0.25, 0.75}, 2) ==
        doctest::Approx(0.5 / 3).epsilon(1e-15));
}

TEST_CASE("calibration_error: equals the mean over scikit-learn's calibration_curve") {
  const Golden golden("metrics/classification");
  for (const auto& name : golden.cases())
    CHECK(ls::calibration_error(golden.integers(name + "/labels"), golden.numbers(name + "/probabilities")) ==
          doctest::Approx(golden.numbers(name + "/calibration_error")[0]).epsilon(1e-13));
}

TEST_CASE("calibration_error: P14, refuses no bins and what is no probability") {
  CHECK_THROWS_WITH_AS(ls::calibration_error(Doubles{1}, Doubles{1}, 0),
                       "calibration_error: expected at least one bin, got 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::calibration_error(Doubles{1}, Doubles{-0.5}),
                       "calibration_error: expected probabilities from 0 to 1, got -0.5 at position 0", ls::DataError);
}
