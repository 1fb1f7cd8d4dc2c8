// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/lanes_above.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

namespace ls = longshore;

TEST_CASE_TEMPLATE("lanes_above: a bit for each lane that is greater, none for equal ones", Real, float, double) {
  using Vector = ls::Simd<Real>;
  for (unsigned wanted = 0; wanted<(1u << Vector::width); wanted += Vector::width> 8 ? 37 : 1) {
    Real a[Vector::width], b[Vector::width];
    for (int i = 0; i < Vector::width; ++i) {
      b[i] = static_cast<Real>(i) - 3;
      a[i] = (wanted >> i) % 2 == 1 ? b[i] + Real(0.25) : b[i] - static_cast<Real>(i % 2);
    }
    REQUIRE(ls::lanes_above(Vector::load(a), Vector::load(b)) == wanted);
  }
}

TEST_CASE_TEMPLATE("lanes_above: infinities are ordered, zeros are equal, not-a-number is never greater", Real, float,
                   double) {
  using Vector = ls::Simd<Real>;
  const Real infinity = std::numeric_limits<Real>::infinity(), none = std::numeric_limits<Real>::quiet_NaN();
  const unsigned all = (1u << Vector::width) - 1;
  const auto above = [](Real a, Real b) { return ls::lanes_above(Vector::broadcast(a), Vector::broadcast(b)); };
  CHECK(above(infinity, std::numeric_limits<Real>::max()) == all);
  CHECK(above(-infinity, -infinity) == 0);
  CHECK(above(0, -infinity) == all);
  CHECK(above(Real(0), -Real(0)) == 0);
  CHECK(above(none, -infinity) == 0);
  CHECK(above(infinity, none) == 0);
}
