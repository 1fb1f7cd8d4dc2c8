// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/alternate_least_squares.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/initialiser.hpp>
#include <vector>

#include "../support/close.hpp"
#include "../support/least_squares_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("alternate_least_squares: users for the items, then items for these users", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  const ls::LeastSquaresProblem problem{ls::Feedback::confidence, 2, 1, 0.5, 0};
  const auto dense = test::dense_least_squares(problem, data.train.by_user(), 6);
  ls::Parameter<Real, 2, Space> users(24, 6), items(17, 6);
  ls::initialise(items, ls::normal(1), ls::Random(1));
  const auto before = test::factors_of(items);
  const double objective =
      ls::alternate_least_squares<Real, Space>("Als", Space{}, data.train, users, items, problem, {.from_zero = true});
  const auto x = test::factors_of(users), y = test::factors_of(items);
  check::close(x, dense.best(true, before), tolerance<Real>);
  check::close(y, dense.best(false, x), tolerance<Real>);
  CHECK(objective * static_cast<double>(data.train.entries()) ==
        doctest::Approx(dense.objective(x, y)).epsilon(10 * tolerance<Real>));
  const auto again =
      ls::fold_in_least_squares<Real, Space>("Als", Space{}, data.train.by_item(), users.view(), problem);
  check::close(ls::copy_to_host(again.view()), y, tolerance<Real>);
  CHECK_THROWS_WITH_AS(
      (ls::fold_in_least_squares<Real, Space>("Als", Space{}, data.train.by_user(), users.view(), problem)),
      "Als: expected rows of 24 columns, got 17", ls::ShapeError);
}
