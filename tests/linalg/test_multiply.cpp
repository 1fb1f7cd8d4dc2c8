// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/multiply.hpp>

#include "../support/check_multiply.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE(
    "multiply: equals its definition around every edge of tiles and registers, and writes nothing beside", Real, float,
    double) {
  check::multiply<Real>();
}

TEST_CASE("multiply: the order of a sum does not depend on where the row stands in its tile of rows") {
  // Rows of equal numbers must give equal bits, whichever tile of 12, 4, 2 or 1 rows they are in.
  const int rows = 19, inner = 37, columns = 53;
  std::vector<float> a(rows * inner), b(inner * columns), c(rows * columns);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = ls::Random(1).uniform<float>(i % inner);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = ls::Random(2).uniform<float>(i);
  ls::multiply<float>(ls::HostTeam{0}, rows, columns, inner, ls::Strided<const float>{a.data(), inner},
                      ls::Strided<const float>{b.data(), columns}, ls::Strided<float>{c.data(), columns},
                      ls::Update::write);
  for (std::size_t i = columns; i < c.size(); ++i) REQUIRE(c[i] == c[i % columns]);
}
