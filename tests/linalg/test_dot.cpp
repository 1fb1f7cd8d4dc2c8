// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/random.hpp>
#include <longshore/linalg/dot.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE_TEMPLATE("dot: equals its definition for every size", Real, float, double) {
  for (int size = 0; size < 150; ++size) {
    std::vector<Real> a(static_cast<std::size_t>(size) + 1, Real(1e9)), b = a;  // what follows is not read
    double exact = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      a[i] = ls::Random(3).uniform<Real>(i);
      b[i] = ls::Random(4).uniform<Real>(i) - Real(0.5);
      exact += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    CAPTURE(size);
    CHECK(std::abs(static_cast<double>(ls::dot(a.data(), b.data(), size)) - exact) <=
          4 * static_cast<double>(std::numeric_limits<Real>::epsilon()) * (1 + size / 16));
  }
}

TEST_CASE_TEMPLATE("dot: the order of the sum depends on the size only, not on where the numbers lie", Real, float,
                   double) {
  std::vector<Real> numbers(400);
  for (std::size_t i = 0; i < 130; ++i) numbers[i] = ls::Random(5).uniform<Real>(i);
  const Real expected = ls::dot(numbers.data(), numbers.data() + 17, 113);
  for (std::size_t shift = 1; shift < 70; ++shift) {
    std::vector<Real> moved(400);
    std::copy(numbers.begin(), numbers.begin() + 130, moved.begin() + static_cast<std::ptrdiff_t>(shift));
    REQUIRE(ls::dot(moved.data() + shift, moved.data() + shift + 17, 113) == expected);
  }
}
