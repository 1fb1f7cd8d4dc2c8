// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace check {

/// What a few roundings change in a number of order one.
template <class Real>
inline constexpr double roundings = 8 * static_cast<double>(std::numeric_limits<Real>::epsilon());

/// Compares element by element: relative to the largest expected one, or to `least` if that is larger; `rounding` is
/// allowed on top.
template <class Real>
void close(const std::vector<Real>& actual, const std::vector<double>& expected, double relative, double least = 1e-3,
           double rounding = 0) {
  REQUIRE(actual.size() == expected.size());
  double largest = 0, worst = 0;
  for (const double x : expected) largest = std::max(largest, std::abs(x));
  for (std::size_t i = 0; i < actual.size(); ++i) {
    REQUIRE(std::isfinite(static_cast<double>(actual[i])));
    REQUIRE(std::isfinite(expected[i]));  // a maximum passes over not-a-number
    worst = std::max(worst, std::abs(static_cast<double>(actual[i]) - expected[i]));
  }
  CHECK(worst <= relative * std::max(largest, least) + rounding);
}

}  // namespace check
