// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "rule_model.hpp"

namespace rules {

namespace ls = longshore;

/// The largest difference, relative to the largest expected number or to 1.
inline double distance(const std::vector<double>& actual, const std::vector<double>& expected) {
  REQUIRE(actual.size() == expected.size());
  double largest = 1, worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    REQUIRE(std::isfinite(actual[i]));
    largest = std::max(largest, std::abs(expected[i]));
    worst = std::max(worst, std::abs(actual[i] - expected[i]));
  }
  return worst / largest;
}

/// Compares what has a name with what `expected(name)` gives.
template <class Expected>
void close(const Numbers& actual, const Expected& expected, double most) {
  for (const auto& entry : actual) {
    CAPTURE(entry.first);
    CHECK(distance(entry.second, expected(entry.first)) <= most);
  }
}

/// After one step, and after many: in double both are exact to rounding.
template <class Real>
inline constexpr double after_one = std::is_same_v<Real, float> ? 1e-5 : 1e-10;
template <class Real>
inline constexpr double after_many = std::is_same_v<Real, float> ? 1e-4 : 1e-10;

}  // namespace rules
