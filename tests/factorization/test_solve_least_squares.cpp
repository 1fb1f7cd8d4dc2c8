// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/solve_least_squares.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../support/close.hpp"
#include "../support/least_squares_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("solve_least_squares: the parts of the objective, by steps and by blocks", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  const ls::LeastSquaresProblem problem{ls::Feedback::positive, 2, 0.3, 0.5, 0.5};
  const auto dense = test::dense_least_squares(problem, data.train.by_user(), 6);
  const auto table = random_tensor<Real, 2, Space>(ls::Random(1), 17, 6);
  const auto y = numbers_of(table.view());
  for (const ls::LeastSquaresSteps how :
       {ls::LeastSquaresSteps{20, 0, false}, ls::LeastSquaresSteps{0, 0, true}, ls::LeastSquaresSteps{0, 6, false}}) {
    auto rows = random_tensor<Real, 2, Space>(ls::Random(2), 24, 6);
    const auto parts =
        ls::solve_least_squares<Real, Space>(Space{}, data.train.by_user(), table.view(), rows.view(), problem, how);
    const auto x = numbers_of(rows.view());
    check::close(x, dense.best(true, y), tolerance<Real>);
    double penalty = 0, others = 0;
    for (std::size_t k = 0; k < x.size(); ++k) penalty += dense.ridge(k / 6, true) * x[k] * x[k];
    for (std::size_t k = 0; k < y.size(); ++k) others += dense.ridge(k / 6, false) * y[k] * y[k];
    CHECK(parts.penalty == doctest::Approx(penalty).epsilon(10 * tolerance<Real>));
    CHECK(parts.fit == doctest::Approx(dense.objective(x, y) - others).epsilon(10 * tolerance<Real>));
  }
}

TEST_CASE_TEMPLATE("check_least_squares: names the first value below 0, behind rows without entries", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::SparseMatrix<Real, Space> matrix({0, 0, 2, 2, 4}, {0, 5, 3, 4}, {1, 0, -2, -3}, 6);
  CHECK_THROWS_WITH_AS((ls::check_least_squares<Real, Space>("Als", Space{}, matrix.rows(), {})),
                       "Als: confidences are at least 0, the value of row 3 and column 3 is -2; for ratings say "
                       "Feedback::ratings",
                       ls::DataError);
  ls::check_least_squares<Real, Space>("Als", Space{}, matrix.rows(), {.feedback = ls::Feedback::ratings});
}

// What solve_least_squares asks for, at the size of MovieLens 20M.
TEST_CASE("solve_least_squares: memory is below a tenth of factors and interactions, with 16 threads too") {
  using Space = Kokkos::DefaultHostExecutionSpace;
  const ls::Index users = 138493, items = 26744;
  const std::int64_t entries = 19000000, longest = 67310;
  for (const ls::Index features : {16, 64, 128, 256})
    for (const auto& [rows, columns] : {std::pair(users, items), std::pair(items, users)}) {
      const auto size = static_cast<std::size_t>(features);
      const auto schedule = ls::row_schedule<float, Space>(rows, columns, entries, features);
      const std::size_t shared = ls::gramian_workspace(columns, features) + 2 * size * size;
      const std::size_t steps = ls::conjugate_gradient_rows_workspace<float, Space>(schedule, features);
      const std::size_t blocks = ls::subspace_rows_workspace<float, Space>(features, 64, longest);
      const std::size_t bytes = 4 * (shared + 16 * std::max(steps, blocks)) +
                                static_cast<std::size_t>(schedule.part_count()) * sizeof(ls::ObjectiveParts) +
                                static_cast<std::size_t>(schedule.most_long) * sizeof(ls::Index);
      const double owned = 2.0 * 8 * static_cast<double>(entries) + 4.0 * features * (users + items);
      CHECK(static_cast<double>(bytes) < 0.1 * owned);
    }
}
