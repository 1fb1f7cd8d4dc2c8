// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/error.hpp>
#include <longshore/metrics/metric_result.hpp>

namespace ls = longshore;

TEST_CASE("MetricResult: mean and standard error of the mean") {
  const auto result = ls::MetricResult::of("m", xt::xtensor<double, 1>{1, 2, 3, 6});
  CHECK(result.name == "m");
  CHECK(result.value == 3);
  CHECK(result.standard_error.value() == doctest::Approx(std::sqrt(14.0 / 3 / 4)).epsilon(1e-15));
  CHECK(result.per_row(3) == 6);
}

TEST_CASE("MetricResult: a single row has no standard error, none at all is refused") {
  CHECK_FALSE(ls::MetricResult::of("m", xt::xtensor<double, 1>{5}).standard_error.has_value());
  CHECK_THROWS_WITH_AS(ls::MetricResult::of("m", xt::xtensor<double, 1>::from_shape({0})),
                       "MetricResult: expected at least one row for m, got none", ls::DataError);
}
