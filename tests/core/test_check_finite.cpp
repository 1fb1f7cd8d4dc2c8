// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/check_finite.hpp>

namespace ls = longshore;

TEST_CASE("check_finite: takes every number, and neither infinity nor not-a-number") {
  using Limits = std::numeric_limits<double>;
  for (const double value : {0.0, -1.5, Limits::max(), Limits::lowest(), Limits::denorm_min()})
    CHECK_NOTHROW(ls::check_finite("Here", "scale", value));
  CHECK_THROWS_WITH_AS(ls::check_finite("Here", "scale", Limits::infinity()),
                       "Here: scale is a finite number, it is inf", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_finite("Here", "scale", -Limits::infinity()),
                       "Here: scale is a finite number, it is -inf", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_finite("Here", "scale", Limits::quiet_NaN()),
                       "Here: scale is a finite number, it is nan", ls::ShapeError);
}
