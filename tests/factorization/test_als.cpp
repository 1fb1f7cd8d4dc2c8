// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/als.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/factorization/factorizer.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../support/close.hpp"
#include "../support/epoch_memory.hpp"
#include "../support/error_text.hpp"
#include "../support/golden.hpp"
#include "../support/host_spaces.hpp"
#include "../support/least_squares_case.hpp"

namespace ls = longshore;
using ls::Feedback;
using Solver = ls::LeastSquaresSolver;

static_assert(ls::Factorizer<ls::Als<float, Kokkos::Serial>> &&
              ls::InnerProductFactors<ls::Als<float, Kokkos::Serial>>);

namespace {

constexpr Feedback every_feedback[] = {Feedback::confidence, Feedback::given_confidence, Feedback::positive,
                                       Feedback::ratings};

ls::AlsSettings small(Feedback feedback, Solver solver, ls::Index features = 9) {
  ls::AlsSettings settings{.users = 24, .items = 17, .features = features, .feedback = feedback, .weight = 2};
  settings.unobserved_weight = feedback == Feedback::positive ? 0.3 : 1;
  settings.regularisation = 0.5;
  settings.frequency_exponent = feedback == Feedback::confidence ? 0 : 1;
  settings.solver = solver;
  settings.deviation = 1;
  return settings;
}

}  // namespace

TEST_CASE_TEMPLATE("Als: hand: one user with one item", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::SparseMatrix<Real, Space> one({0, 1}, {0}, {Real(3)}, 1);
  ls::Als<Real, Space> als(
      {.users = 1, .items = 1, .features = 1, .weight = 2, .regularisation = 1, .solver = Solver::cholesky});
  ls::copy_from_host(std::vector<Real>{2}, als.items.mutable_view());
  // c = 1 + 2 3 = 7. x = 7 2 / (7 2 2 + 1), y = 7 x / (7 x x + 1).
  const double objective = als.epoch(Space{}, ls::Interactions<Real, Space>(one.rows()), 0);
  const double x = 14.0 / 29, y = 7 * x / (7 * x * x + 1);
  CHECK(test::factors_of(als.users)[0] == doctest::Approx(x));
  CHECK(test::factors_of(als.items)[0] == doctest::Approx(y));
  CHECK(objective == doctest::Approx(7 * (1 - x * y) * (1 - x * y) + x * x + y * y));
}

TEST_CASE_TEMPLATE("Als: reference: half-steps equal a dense solve in double, or its steps, and J the papers' sum",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  for (const Feedback feedback : every_feedback)
    for (const Solver solver : {Solver::conjugate_gradient, Solver::cholesky}) {
      CAPTURE(static_cast<int>(feedback));
      CAPTURE(static_cast<int>(solver));
      const auto settings = small(feedback, solver);
      ls::Als<Real, Space> als(settings);
      const auto dense = data.dense(settings);
      const auto users = test::factors_of(als.users), items = test::factors_of(als.items);
      const double objective = als.epoch(Space{}, data.train, 0);
      const auto x = test::factors_of(als.users), y = test::factors_of(als.items);
      auto expected_x = dense.best(true, items), expected_y = dense.best(false, x);
      if (solver == Solver::conjugate_gradient) {
        expected_x = dense.step(true, users, items, 3);
        expected_y = dense.step(false, items, x, 3);
        for (std::size_t d = 0; d < dense.features; ++d) expected_x[d] = expected_y[d] = 0;  // without interactions
      }
      check::close(x, expected_x, tolerance<Real>);
      check::close(y, expected_y, tolerance<Real>);
      CHECK(objective * static_cast<double>(data.train.entries()) ==
            doctest::Approx(dense.objective(x, y)).epsilon(10 * tolerance<Real>));
    }
}

TEST_CASE_TEMPLATE("Als: the objective never rises", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  for (const Feedback feedback : every_feedback)
    for (const Solver solver : {Solver::conjugate_gradient, Solver::cholesky}) {
      const auto settings = small(feedback, solver);
      ls::Als<Real, Space> als(settings);
      const auto dense = data.dense(settings);
      double before = dense.objective(test::factors_of(als.users), test::factors_of(als.items));
      for (std::int64_t epoch = 0; epoch < 12; ++epoch) {
        als.epoch(Space{}, data.train, epoch);
        const double now = dense.objective(test::factors_of(als.users), test::factors_of(als.items));
        CHECK(now <= before * (1 + tolerance<Real>));
        before = now;
      }
    }
}

TEST_CASE_TEMPLATE("Als: golden: a pass of `implicit` from the same start gives the same factors", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Golden golden("factorization/als");
  CHECK(golden.cases().size() >= 5);
  for (const auto& name : golden.cases()) {
    CAPTURE(name);
    const auto numbers = [&](const char* what) {
      const auto wide = golden.numbers(name + "/" + what);
      return std::vector<Real>(wide.begin(), wide.end());
    };
    const auto offsets = golden.integers(name + "/offsets"), columns = golden.integers(name + "/columns");
    const auto users = golden.shape(name + "/users")[0], items = golden.shape(name + "/items")[0];
    const ls::SparseMatrix<Real, Space> matrix(offsets, std::vector<ls::Id>(columns.begin(), columns.end()),
                                               numbers("values"), items);
    ls::Als<Real, Space> als(
        {.users = users,
         .items = items,
         .features = golden.shape(name + "/users")[1],
         .feedback = Feedback::given_confidence,
         .weight = golden.numbers(name + "/alpha")[0],
         .regularisation = golden.numbers(name + "/regularization")[0],
         .solver = golden.integer(name + "/use_cg") ? Solver::conjugate_gradient : Solver::cholesky});
    ls::copy_from_host(numbers("users"), als.users.mutable_view());
    ls::copy_from_host(numbers("items"), als.items.mutable_view());
    als.epoch(Space{}, ls::Interactions<Real, Space>(matrix.rows()), 0);
    check::close(ls::copy_to_host(als.users.view()), golden.numbers(name + "/user_factors"), 1e-3);
    check::close(ls::copy_to_host(als.items.view()), golden.numbers(name + "/item_factors"), 1e-3);
  }
}

TEST_CASE_TEMPLATE("Als: further users and items get the best vectors, the model stays", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  for (const Feedback feedback : every_feedback) {
    const auto settings = small(feedback, Solver::conjugate_gradient);
    ls::Als<Real, Space> als(settings);
    als.epoch(Space{}, data.train, 0);
    const auto dense = data.dense(settings);
    const auto users = test::factors_of(als.users), items = test::factors_of(als.items);
    const auto further = als.fold_in_users(Space{}, data.train.by_user());
    check::close(ls::copy_to_host(further.view()), dense.best(true, items), tolerance<Real>);
    check::close(ls::copy_to_host(als.fold_in_items(Space{}, data.train.by_item()).view()), dense.best(false, users),
                 tolerance<Real>);
    CHECK(test::factors_of(als.users) == users);
    CHECK(test::factors_of(als.items) == items);
    CHECK(numbers_of(als.user_vectors(Space{}).view()) == users);
    CHECK(numbers_of(als.item_vectors(Space{}).view()) == items);
  }
}

TEST_CASE_TEMPLATE("Als: edges: no interactions, equal ratings, one rating, ranks above the item count, no ridge",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto finite = [](const auto& als) {
    for (const double x : test::factors_of(als.users)) REQUIRE(std::isfinite(x));
    for (const double y : test::factors_of(als.items)) REQUIRE(std::isfinite(y));
  };
  for (const Feedback feedback : every_feedback)
    for (const Solver solver : {Solver::conjugate_gradient, Solver::cholesky}) {
      CAPTURE(static_cast<int>(feedback));
      CAPTURE(static_cast<int>(solver));
      auto settings = small(feedback, solver, 20);  // 3 items
      settings.users = 4;
      settings.items = 3;
      const ls::SparseMatrix<Real, Space> nothing({0, 0, 0, 0, 0}, {}, {}, 3);
      ls::Als<Real, Space> als(settings);
      CHECK(als.epoch(Space{}, ls::Interactions<Real, Space>(nothing.rows()), 0) == 0);
      CHECK(test::factors_of(als.users) == std::vector<double>(80));
      CHECK(test::factors_of(als.items) == std::vector<double>(60));

      settings.regularisation = 0;
      settings.frequency_exponent = 0;
      const ls::SparseMatrix<Real, Space> one({0, 0, 1, 1, 1}, {2}, {Real(4)}, 3);
      als = ls::Als<Real, Space>(settings);
      for (int epoch = 0; epoch < 20; ++epoch) als.epoch(Space{}, ls::Interactions<Real, Space>(one.rows()), epoch);
      finite(als);
      const auto x = test::factors_of(als.users), y = test::factors_of(als.items);
      double score = 0;
      for (std::size_t d = 0; d < 20; ++d) score += x[20 + d] * y[40 + d];
      // Without a ridge the system is singular: how near an epoch comes depends on how products are rounded.
      const double tolerance = solver == Solver::conjugate_gradient ? 1e-2 : 1e-3;
      if (feedback == Feedback::ratings) CHECK(score == doctest::Approx(4).epsilon(tolerance));
      if (feedback == Feedback::confidence) CHECK(score == doctest::Approx(1).epsilon(tolerance));

      const ls::SparseMatrix<Real, Space> equal({0, 2, 4, 5, 6}, {0, 1, 0, 2, 1, 1}, std::vector<Real>(6, Real(3)), 3);
      als = ls::Als<Real, Space>(settings);
      for (int epoch = 0; epoch < 3; ++epoch) als.epoch(Space{}, ls::Interactions<Real, Space>(equal.rows()), epoch);
      finite(als);
    }
}

TEST_CASE("Als: refused: settings, other sizes, confidences below 0, numbers that overflow") {
  using Space = Kokkos::Serial;
  using Model = ls::Als<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 1, .items = 1, .features = 0}),
                       "Als: users, items, features and steps are at least 1, they are 1, 1, 0 and 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 0, .items = 1}),
                       "Als: users, items, features and steps are at least 1, they are 0, 1, 64 and 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 1, .items = 1, .regularisation = -1}),
                       "Als: regularisation is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 1, .items = 1, .deviation = std::nan("")}),
                       "Als: deviation is a finite number, it is nan", ls::ShapeError);
  const ls::SparseMatrix<float, Space> matrix({0, 2, 3}, {0, 2, 1}, {1, 2, -3}, 3);
  const ls::Interactions<float, Space> train(matrix.rows());
  Model als({.users = 2, .items = 3, .features = 2});
  const auto before = test::factors_of(als.users);
  CHECK_THROWS_WITH_AS(als.epoch(Space{}, train, 0),
                       "Als: confidences are at least 0, the value of row 1 and column 1 is -3; for ratings say "
                       "Feedback::ratings",
                       ls::DataError);
  CHECK(test::factors_of(als.users) == before);
  CHECK_THROWS_WITH_AS(als.fold_in_users(Space{}, matrix.rows()),
                       "Als::fold_in_users: confidences are at least 0, the value of row 1 and column 1 is -3; for "
                       "ratings say Feedback::ratings",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(als.fold_in_items(Space{}, matrix.rows()),
                       "Als::fold_in_items: expected rows of 2 columns, got 3", ls::ShapeError);
  const float not_a_number = std::numeric_limits<float>::quiet_NaN();
  const std::int64_t offsets[] = {0, 1};
  const ls::Id column = 0;
  CHECK_THROWS_WITH_AS(als.fold_in_users(Space{}, {offsets, &column, &not_a_number, 1, 3, 1}),
                       "Als::fold_in_users: row 0, entry 0: the value is nan", ls::DataError);
  Model ratings({.users = 2, .items = 3, .features = 2, .feedback = Feedback::ratings});
  ratings.epoch(Space{}, train, 0);  // a rating may be below 0
  const ls::Als<double, Space> precise({.users = 2, .items = 3, .features = 2, .feedback = Feedback::ratings});
  const double too_large = 1e200;
  const auto text = test::error_text<ls::DataError>([&] {
    precise.fold_in_users(Space{}, {offsets, &column, &too_large, 1, 3, 1});
  });
  CHECK(text.starts_with("Als::fold_in_users: the objective is "));
  CHECK(text.ends_with("; the values or their weight are too large"));
  Model wide({.users = 3, .items = 3, .features = 2});
  CHECK_THROWS_WITH_AS(wide.epoch(Space{}, train, 0),
                       "Als: the model has 3 users and 3 items, the interactions have 2 and 3", ls::ShapeError);
  const ls::SparseMatrix<float, Space> large({0, 1, 2}, {0, 1}, {3e38f, 3e38f}, 3);
  CHECK_THROWS_WITH_AS(als.epoch(Space{}, ls::Interactions<float, Space>(large.rows()), 0),
                       doctest::Contains("after a pass; the values or their weight are too large"), ls::DataError);
}

TEST_CASE("Als: threads: the same bits on every host space, and twice") {
  for (const Solver solver : {Solver::conjugate_gradient, Solver::cholesky})
    for (const ls::Index features : {16, 21}) {
      auto settings = small(Feedback::confidence, solver, features);
      settings.users = 400;
      settings.items = 150;
      const auto train_on = [&](auto space, auto executor) {
        using Space = decltype(space);
        const test::LeastSquaresCase<float, Space> data(400, 150);
        ls::Als<float, Space> als(settings);
        std::vector<double> numbers;
        for (std::int64_t epoch = 0; epoch < 2; ++epoch) numbers.push_back(als.epoch(executor, data.train, epoch));
        for (const double x : test::factors_of(als.users)) numbers.push_back(x);
        for (const double y : test::factors_of(als.items)) numbers.push_back(y);
        return numbers;
      };
      const auto expected = train_on(Kokkos::Serial{}, Kokkos::Serial{});
      CHECK(train_on(Kokkos::Serial{}, ls::Inline{}) == expected);
      for_every_other_host([&](auto other_space) {
        for (int repetition = 0; repetition < 2; ++repetition) CHECK(train_on(other_space, other_space) == expected);
      });
    }
}

TEST_CASE_TEMPLATE("Als: an epoch takes at most a tenth of the memory of factors and interactions beside them", Space,
                   LONGSHORE_HOST_SPACES) {
  const auto matrix = test::random_sparse<float, Space>(ls::Random(3), 6000, 1000, 0.015);
  const ls::Interactions<float, Space> train(matrix.rows());
  for (const Solver solver : {Solver::conjugate_gradient, Solver::cholesky}) {
    ls::Als<float, Space> als({.users = 6000, .items = 1000, .features = 32, .solver = solver});
    CHECK(test::percent_beside(als, train) <= 10);
  }
}

TEST_CASE("Als: names the settings that decide the result") {
  using Space = Kokkos::Serial;
  const auto named =
      ls::Als<float, Space>({.users = 1, .items = 1, .regularisation = 0.25, .seed = 7}).named_settings();
  const auto has = [&](const char* name, const char* value) {
    return std::ranges::count(named, std::pair<std::string, std::string>(name, value)) == 1;
  };
  CHECK(has("feedback", "confidence"));
  CHECK(has("regularisation", "0.25"));
  CHECK(has("features", "64"));
  CHECK(has("solver", "conjugate_gradient"));
  CHECK(has("steps", "3"));
  CHECK(has("seed", "7"));
}
