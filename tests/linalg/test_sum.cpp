// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/sum.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/core/random.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE_TEMPLATE("sum: equals its definition for every size, and reads nothing behind it", Real, float, double) {
  for (int size = 0; size < 150; ++size) {
    std::vector<Real> a(static_cast<std::size_t>(size) + 1, Real(1e9));
    double exact = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      a[i] = ls::Random(3).uniform<Real>(i) - Real(0.5);
      exact += static_cast<double>(a[i]);
    }
    CAPTURE(size);
    CHECK(std::abs(static_cast<double>(ls::sum(a.data(), size)) - exact) <=
          4 * static_cast<double>(std::numeric_limits<Real>::epsilon()) * (1 + size / 16));
  }
}

TEST_CASE_TEMPLATE("sum: the order depends on the size only, not on where the numbers lie", Real, float, double) {
  std::vector<Real> numbers(113);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = ls::Random(5).uniform<Real>(i);
  const Real expected = ls::sum(numbers.data(), 113);
  for (std::size_t shift = 1; shift < 70; ++shift) {
    std::vector<Real> moved(200);
    std::copy(numbers.begin(), numbers.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift));
    REQUIRE(ls::sum(moved.data() + shift, 113) == expected);
  }
}
