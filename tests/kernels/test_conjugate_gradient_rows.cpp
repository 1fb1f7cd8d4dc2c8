// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/conjugate_gradient_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/host_spaces.hpp"
#include "../support/row_system_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("conjugate_gradient_rows: one equation by hand", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  test::RowSystemCase<Real, Space> example(1, 2, 1, 1.0, false);
  example.matrix = ls::SparseMatrix<Real, Space>({0, 2}, {0, 1}, {Real(3), Real(1)}, 2);
  example.systems.rows = example.matrix.rows();
  ls::copy_from_host(std::vector<Real>{2, 1}, example.table.view());
  example.systems.weights = {1, 0, 1, 1, false};  // a = v, b = v + 1
  example.systems.ridge = 7;
  example.systems.ridge_exponent = 0;
  // (3 2 2 + 1 1 1 + 7) x = 4 2 + 2 1
  const auto found = example.by_steps(1, example.schedule(), Space{});
  CHECK(static_cast<double>(found.rows[0]) == doctest::Approx(0.5));
  CHECK(found.fit == doctest::Approx(20 * 0.25 - 2 * 10 * 0.5 + 6));
  CHECK(found.penalty == doctest::Approx(7 * 0.25));
}

TEST_CASE_TEMPLATE("conjugate_gradient_rows: as many steps as features solve the systems, at any rank", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index features : {1, 2, 5, 9, 16, 21, 32, 50}) {
    CAPTURE(features);
    const bool gramian = features != 9;  // without one, as ratings are
    const test::RowSystemCase<Real, Space> example(9, 25, features, 0.3, gramian);
    const auto found = example.by_steps(2 * features, example.schedule(), Space{});
    CHECK(example.residual(found.rows) < 5 * tolerance<Real>);
    const auto [fit, penalty] = example.objective(found.rows);
    CHECK(found.fit == doctest::Approx(fit).epsilon(10 * tolerance<Real>));
    CHECK(found.penalty == doctest::Approx(penalty).epsilon(10 * tolerance<Real>));
    // Before the end the objective is the one of where the rows are, and each step makes it less.
    double before = 1e300;
    for (const ls::Index steps : {1, 2, 3}) {
      const auto early = example.by_steps(steps, example.schedule(), Space{});
      CHECK(early.fit == doctest::Approx(example.objective(early.rows).first).epsilon(20 * tolerance<Real>));
      CHECK(early.fit <= before * (1 + tolerance<Real>));
      before = early.fit;
    }
  }
}

TEST_CASE_TEMPLATE("conjugate_gradient_rows: rows without entries become zeros, no rows are nothing to do", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::RowSystemCase<Real, Space> empty(5, 8, 17, 0.0);
  const auto found = empty.by_steps(3, empty.schedule(), Space{});
  CHECK(found.rows == std::vector<Real>(5 * 17, Real(0)));
  CHECK(found.fit + found.penalty == 0);
  const test::RowSystemCase<Real, Space> none(0, 8, 17);
  CHECK(none.by_steps(3, none.schedule(), Space{}).rows.empty());
}

TEST_CASE_TEMPLATE("conjugate_gradient_rows: a singular system gives one of its solutions", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  test::RowSystemCase<Real, Space> example(6, 25, 21, 0.1, false);  // fewer entries than features
  example.systems.ridge = 0;
  example.systems.ridge_exponent = 0;
  const auto found = example.by_steps(42, example.schedule(), Space{});
  for (const Real number : found.rows) CHECK(std::isfinite(number));
  CHECK(example.residual(found.rows) < 100 * tolerance<Real>);
}

TEST_CASE("conjugate_gradient_rows: the same bits with long rows in groups of any size, on every host space") {
  for (const ls::Index features : {16, 21}) {
    CAPTURE(features);
    using Serial = test::RowSystemCase<float, Kokkos::Serial>;
    const Serial example(70, 500, features);
    auto schedule = example.schedule();
    CHECK(schedule.tile == 0);
    const auto whole = example.by_steps(3, schedule, Kokkos::Serial{});
    schedule.tile = 64;
    schedule.long_from = 150;  // about half of the rows
    schedule.most_long = 70;
    schedule.most_group = 256;
    const auto expected = example.by_steps(3, schedule, Kokkos::Serial{});
    check::close(expected.rows, std::vector<double>(whole.rows.begin(), whole.rows.end()), 1e-5);
    CHECK(expected.rows != whole.rows);  // sums are made in other parts
    CHECK(expected.fit == doctest::Approx(whole.fit));
    for (const ls::Index group : {1, 7}) {
      schedule.most_group = group;
      CHECK(example.by_steps(3, schedule, Kokkos::Serial{}) == expected);
    }
    CHECK(example.by_steps(3, schedule, ls::Inline{}) == expected);
    for_every_other_host([&](auto other_space) {
      using OtherSpace = decltype(other_space);
      const test::RowSystemCase<float, OtherSpace> other(70, 500, features);
      for (int repetition = 0; repetition < 2; ++repetition)
        CHECK(other.by_steps(3, schedule, other_space) == expected);
    });
  }
}
