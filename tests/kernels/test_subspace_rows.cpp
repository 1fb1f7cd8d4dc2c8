// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/subspace_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/host_spaces.hpp"
#include "../support/row_system_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("subspace_rows: one block solves the systems at any rank, from zeros and from elsewhere", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index features : {1, 3, 8, 16, 21, 33, 64}) {
    CAPTURE(features);
    const bool gramian = features != 21;
    const test::RowSystemCase<Real, Space> example(9, 80, features, 0.6, gramian);
    for (const bool from_zero : {true, false}) {
      const auto found = example.by_blocks(features, from_zero, Space{});
      CHECK(example.residual(found.rows) < 2 * tolerance<Real>);
      const auto [fit, penalty] = example.objective(found.rows);
      CHECK(found.fit == doctest::Approx(fit).epsilon(20 * tolerance<Real>));
      CHECK(found.penalty == doctest::Approx(penalty).epsilon(20 * tolerance<Real>));
    }
  }
}

TEST_CASE_TEMPLATE("subspace_rows: rows without entries become zeros, a singular system gets a solution", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::RowSystemCase<Real, Space> empty(5, 8, 17, 0.0);
  CHECK(empty.by_blocks(4, false, Space{}).rows == std::vector<Real>(5 * 17, Real(0)));
  const test::RowSystemCase<Real, Space> none(0, 8, 17);
  CHECK(none.by_blocks(17, true, Space{}).rows.empty());
  test::RowSystemCase<Real, Space> singular(6, 25, 21, 0.1, false);
  singular.systems.ridge = 0;
  singular.systems.ridge_exponent = 0;
  const auto found = singular.by_blocks(21, true, Space{});
  for (const Real number : found.rows) CHECK(std::isfinite(number));
  CHECK(singular.residual(found.rows) < 100 * tolerance<Real>);
}

TEST_CASE("subspace_rows: the same bits on every host space and executor") {
  for (const ls::Index block : {5, 21}) {
    CAPTURE(block);
    const test::RowSystemCase<float, Kokkos::Serial> example(300, 90, 21);
    const auto expected = example.by_blocks(block, false, Kokkos::Serial{});
    CHECK(example.by_blocks(block, false, ls::Inline{}) == expected);
    for_every_other_host([&](auto other_space) {
      using OtherSpace = decltype(other_space);
      const test::RowSystemCase<float, OtherSpace> other(300, 90, 21);
      for (int repetition = 0; repetition < 2; ++repetition)
        CHECK(other.by_blocks(block, false, other_space) == expected);
    });
  }
}
