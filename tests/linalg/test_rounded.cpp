// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/rounded.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace ls = longshore;

TEST_CASE_TEMPLATE("a product that is rounded is not joined with the sum behind it", Real, float, double) {
  // (1 + e)(1 - e) = 1 - e^2, which rounds to 1: the difference from 1 is 0, that of a joined operation is e^2.
  const volatile Real epsilon = std::numeric_limits<Real>::epsilon(), one = 1;
  for (int i = 1; i < 5; ++i) {
    const Real above = one + static_cast<Real>(i) * epsilon, below = one - static_cast<Real>(i) * epsilon;
    CHECK(ls::rounded(above * below) - one == 0);
    CHECK(std::fma(above, below, -one) != 0);
  }
}

TEST_CASE_TEMPLATE("numbers stay as they are", Real, float, double) {
  using Limits = std::numeric_limits<Real>;
  for (const Real x : {Real(0), Real(0.1), -Limits::max(), Limits::denorm_min(), Limits::infinity()})
    CHECK(ls::rounded(x) == x);
  CHECK(std::isnan(ls::rounded(Limits::quiet_NaN())));
}
