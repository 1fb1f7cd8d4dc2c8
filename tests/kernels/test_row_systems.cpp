// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/row_systems.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>

namespace ls = longshore;

TEST_CASE_TEMPLATE("RowSystems: weight, target and constant of a value", Real, float, double) {
  const ls::EntryWeights<Real> weights{2, Real(-0.5), 3, 1, false};
  CHECK(weights.weight(4) == Real(7.5));
  CHECK(weights.target(4) == 13);
  CHECK(weights.target(0) == 0);
  CHECK(weights.constant(4) == 13);
  const ls::EntryWeights<Real> ratings{0, 1, 1, 0, true};
  CHECK(ratings.weight(4) == 1);
  CHECK(ratings.target(4) == 4);
  CHECK(ratings.constant(4) == 16);
}

TEST_CASE("RowSystems: the ridge grows with the entries of a row") {
  using Systems = ls::RowSystems<double, Kokkos::Serial>;
  static_assert(std::is_trivially_copyable_v<Systems>);
  const std::int64_t offsets[] = {0, 3, 3};
  Systems systems;
  systems.rows.offsets = offsets;
  systems.ridge = 2;
  systems.ridge_start = 6;
  CHECK(systems.ridge_of(0) == 2);
  systems.ridge_exponent = 1;
  CHECK(systems.ridge_of(0) == 18);
  CHECK(systems.ridge_of(1) == 12);
  systems.ridge_exponent = 0.5;
  CHECK(systems.ridge_of(0) == doctest::Approx(6));
  systems.features = 4;
  CHECK(systems.most_directions(0) > 1000);
  systems.ridge = 0;
  CHECK(systems.most_directions(0) == 3);
  systems.features = 3;
  CHECK(systems.most_directions(0) > 1000);
}
