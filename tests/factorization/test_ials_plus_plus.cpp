// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/ials_plus_plus.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <longshore/factorization/factorizer.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../support/close.hpp"
#include "../support/host_spaces.hpp"
#include "../support/least_squares_case.hpp"

namespace ls = longshore;
using ls::Feedback;

static_assert(ls::Factorizer<ls::IalsPlusPlus<float, Kokkos::Serial>> &&
              ls::InnerProductFactors<ls::IalsPlusPlus<float, Kokkos::Serial>>);

namespace {

constexpr Feedback every_feedback[] = {Feedback::confidence, Feedback::given_confidence, Feedback::positive,
                                       Feedback::ratings};

ls::IalsPlusPlusSettings small(Feedback feedback, ls::Index block, ls::Index features = 9) {
  ls::IalsPlusPlusSettings settings{.users = 24, .items = 17, .features = features, .block = block};
  settings.feedback = feedback;
  settings.weight = 2;
  settings.unobserved_weight = 0.5;
  settings.regularisation = 0.5;
  settings.deviation = 1;
  return settings;
}

}  // namespace

TEST_CASE_TEMPLATE("IalsPlusPlus: reference: one block equals a dense solve in double, and J is the papers' sum", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  for (const Feedback feedback : every_feedback)
    for (const ls::Index block : {9, 100}) {
      const auto settings = small(feedback, block);
      ls::IalsPlusPlus<Real, Space> model(settings);
      const auto dense = data.dense(settings);
      const auto items = test::factors_of(model.items);
      const double objective = model.epoch(Space{}, data.train, 0);
      const auto x = test::factors_of(model.users), y = test::factors_of(model.items);
      check::close(x, dense.best(true, items), tolerance<Real>);
      check::close(y, dense.best(false, x), tolerance<Real>);
      CHECK(objective * static_cast<double>(data.train.entries()) ==
            doctest::Approx(dense.objective(x, y)).epsilon(10 * tolerance<Real>));
    }
}

// A block is exact, so that no number of it alone can make the objective less.
TEST_CASE_TEMPLATE("IalsPlusPlus: reference: the last block of each side is the best one, the objective never rises",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  for (const Feedback feedback : every_feedback)
    for (const ls::Index block : {1, 2, 4, 5}) {
      CAPTURE(static_cast<int>(feedback));
      CAPTURE(block);
      const auto settings = small(feedback, block);
      ls::IalsPlusPlus<Real, Space> model(settings);
      const auto dense = data.dense(settings);
      double before = dense.objective(test::factors_of(model.users), test::factors_of(model.items));
      for (std::int64_t epoch = 0; epoch < 8; ++epoch) {
        const double objective = model.epoch(Space{}, data.train, epoch);
        const auto x = test::factors_of(model.users), y = test::factors_of(model.items);
        const double now = dense.objective(x, y);
        CHECK(objective * static_cast<double>(data.train.entries()) == doctest::Approx(now).epsilon(1e-4));
        CHECK(now <= before * (1 + tolerance<Real>));
        before = now;
        const auto first = static_cast<std::size_t>(8 / block * block);
        for (std::size_t r = 1; r < dense.items; ++r) {
          const auto [a, b] = dense.system(r, false, x);
          double largest = 0;
          for (const double number : b) largest = std::max(largest, std::abs(number));
          for (std::size_t i = first; i < dense.features; ++i) {
            double left = -b[i];
            for (std::size_t j = 0; j < dense.features; ++j)
              left += a[i * dense.features + j] * y[r * dense.features + j];
            REQUIRE(std::abs(left) < 10 * tolerance<Real> * std::max(largest, 1.0));
          }
        }
      }
      // In the end there is no better one at all.
      for (std::int64_t epoch = 8; epoch < 60; ++epoch) model.epoch(Space{}, data.train, epoch);
      const auto x = test::factors_of(model.users);
      const double best = dense.objective(x, dense.best(false, x));
      CHECK(dense.objective(x, test::factors_of(model.items)) == doctest::Approx(best).epsilon(1e-3));
    }
}

TEST_CASE_TEMPLATE("IalsPlusPlus: further users and items get the best vectors, the model stays", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const test::LeastSquaresCase<Real, Space> data(24, 17);
  const auto settings = small(Feedback::positive, 4);
  ls::IalsPlusPlus<Real, Space> model(settings);
  model.epoch(Space{}, data.train, 0);
  const auto dense = data.dense(settings);
  const auto users = test::factors_of(model.users), items = test::factors_of(model.items);
  check::close(ls::copy_to_host(model.fold_in_users(Space{}, data.train.by_user()).view()), dense.best(true, items),
               tolerance<Real>);
  check::close(ls::copy_to_host(model.fold_in_items(Space{}, data.train.by_item()).view()), dense.best(false, users),
               tolerance<Real>);
  CHECK(numbers_of(model.user_vectors(Space{}).view()) == users);
  CHECK(numbers_of(model.item_vectors(Space{}).view()) == items);
}

TEST_CASE_TEMPLATE("IalsPlusPlus: edges: no interactions, and no ridge with more features than items", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const Feedback feedback : every_feedback) {
    auto settings = small(feedback, 7, 20);
    settings.users = 4;
    settings.items = 3;
    settings.regularisation = 0;
    const ls::SparseMatrix<Real, Space> nothing({0, 0, 0, 0, 0}, {}, {}, 3);
    ls::IalsPlusPlus<Real, Space> model(settings);
    CHECK(model.epoch(Space{}, ls::Interactions<Real, Space>(nothing.rows()), 0) == 0);
    CHECK(test::factors_of(model.users) == std::vector<double>(80));
    const ls::SparseMatrix<Real, Space> equal({0, 2, 4, 5, 6}, {0, 1, 0, 2, 1, 1}, std::vector<Real>(6, Real(3)), 3);
    model = ls::IalsPlusPlus<Real, Space>(settings);
    for (int epoch = 0; epoch < 3; ++epoch) model.epoch(Space{}, ls::Interactions<Real, Space>(equal.rows()), epoch);
    for (const double x : test::factors_of(model.users)) REQUIRE(std::isfinite(x));
    for (const double y : test::factors_of(model.items)) REQUIRE(std::isfinite(y));
  }
}

TEST_CASE("IalsPlusPlus: refused: settings, other sizes, weights below 0") {
  using Space = Kokkos::Serial;
  using Model = ls::IalsPlusPlus<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 1, .items = 1, .block = 0}),
                       "IalsPlusPlus: users, items, features and block are at least 1, they are 1, 1, 256 and 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 1, .items = 1, .unobserved_weight = -1}),
                       "IalsPlusPlus: unobserved_weight is at least 0, it is -1", ls::ShapeError);
  const ls::SparseMatrix<float, Space> matrix({0, 1}, {1}, {-1}, 2);
  const ls::Interactions<float, Space> train(matrix.rows());
  Model model({.users = 1, .items = 2, .features = 3});
  CHECK_THROWS_WITH_AS(model.epoch(Space{}, train, 0), doctest::Contains("IalsPlusPlus: confidences are at least 0"),
                       ls::DataError);
  Model other({.users = 1, .items = 3, .features = 3});
  CHECK_THROWS_WITH_AS(other.epoch(Space{}, train, 0),
                       "IalsPlusPlus: the model has 1 users and 3 items, the interactions have 1 and 2",
                       ls::ShapeError);
  const auto named = model.named_settings();
  CHECK(std::ranges::count(named, std::pair<std::string, std::string>("block", "64")) == 1);
}

TEST_CASE("IalsPlusPlus: threads: the same bits on every host space, and twice") {
  auto settings = small(Feedback::positive, 8, 21);
  settings.users = 400;
  settings.items = 150;
  const auto train_on = [&](auto space, auto executor) {
    using Space = decltype(space);
    const test::LeastSquaresCase<float, Space> data(400, 150);
    ls::IalsPlusPlus<float, Space> model(settings);
    std::vector<double> numbers{model.epoch(executor, data.train, 0)};
    for (const double x : test::factors_of(model.users)) numbers.push_back(x);
    for (const double y : test::factors_of(model.items)) numbers.push_back(y);
    return numbers;
  };
  const auto expected = train_on(Kokkos::Serial{}, Kokkos::Serial{});
  CHECK(train_on(Kokkos::Serial{}, ls::Inline{}) == expected);
  for_every_other_host([&](auto other_space) {
    for (int repetition = 0; repetition < 2; ++repetition) CHECK(train_on(other_space, other_space) == expected);
  });
}
