// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/fill.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("fill: every element gets the value, the numbers around them keep theirs", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto all = filled_tensor<Real, 1, Space>(std::vector<Real>(26, Real(7)), 26);
  ls::fill(Space{}, ls::View<Real, 3, Space>(all.data() + 1, 2, 3, 4), Real(-0.5));
  std::vector<double> expected(26, -0.5);
  expected.front() = expected.back() = 7;
  CHECK(numbers_of(all.view()) == expected);
}

TEST_CASE("fill: one element, none, and ids, also with the Inline executor") {
  using Space = Kokkos::Serial;
  auto ids = filled_tensor<ls::Id, 1, Space>({1, 2, 3}, 3);
  ls::fill(ls::Inline{}, ls::View<ls::Id, 1, Space>(ids.data() + 1, 1), ls::Id{9});
  CHECK(numbers_of(ids.view()) == std::vector<double>{1, 9, 3});
  ls::fill(Space{}, ls::View<ls::Id, 2, Space>(ids.data(), 0, 3), ls::Id{5});
  ls::fill(Space{}, ls::View<ls::Id, 1, Space>(), ls::Id{5});
  CHECK(numbers_of(ids.view()) == std::vector<double>{1, 9, 3});
}
