// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/sgd_factorization.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/factorization/factorizer.hpp>
#include <vector>

#include "../support/check_factorizer.hpp"
#include "../support/epoch_memory.hpp"
#include "../support/kernel_case.hpp"
#include "../support/visit_order.hpp"

namespace ls = longshore;

static_assert(ls::Factorizer<ls::SgdFactorization<float, Kokkos::Serial>>);
static_assert(ls::InnerProductFactors<ls::SgdFactorization<double, Kokkos::Serial>>);

namespace {

/// The same descent in double, rating by rating in a given order.
struct SgdReference {
  std::size_t features;
  bool biased, adagrad;
  double rate, regularisation, mean = 0;
  std::vector<double> bu = {}, bi = {}, p = {}, q = {}, gu = {}, gi = {};

  double step(std::size_t u, std::size_t i, double r) {
    double error = r - mean - bu[u] - bi[i];
    for (std::size_t d = 0; d < features; ++d) error -= p[u * features + d] * q[i * features + d];
    const double user_rate = adagrad ? rate / std::sqrt(gu[u]) : rate;
    const double item_rate = adagrad ? rate / std::sqrt(gi[i]) : rate;
    if (biased)
      bu[u] += user_rate * (error - regularisation * bu[u]), bi[i] += item_rate * (error - regularisation * bi[i]);
    for (std::size_t d = 0; d < features; ++d) {
      double &its = p[u * features + d], &others = q[i * features + d];
      const double user = error * others - regularisation * its, item = error * its - regularisation * others;
      its += user_rate * user, others += item_rate * item;
      gu[u] += user * user / static_cast<double>(features), gi[i] += item * item / static_cast<double>(features);
    }
    return error * error;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("SgdFactorization: reference: equals the descent in the order of the blocks", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(61, 30, 22, 0.4);
  const RatingCase<Real, Space> data(list);
  const RatingCase<double, Kokkos::Serial> serial(list);
  for (const bool biased : {true, false})
    for (const bool adagrad : {true, false}) {
      ls::SgdFactorization<Real, Space> model({.users = 30,
                                               .items = 22,
                                               .features = 9,
                                               .biased = biased,
                                               .adagrad = adagrad,
                                               .rate = 0.05,
                                               .rate_decay = 0.5,
                                               .regularisation = 0.03,
                                               .groups = 4,
                                               .seed = 3});
      SgdReference expected{.features = 9, .biased = biased, .adagrad = adagrad, .rate = 0.05, .regularisation = 0.03};
      const auto start = check::parameters_of<Real>(model);
      const auto wide = [&](const char* name) {
        const auto& elements = start.at(name);
        return std::vector<double>(elements.begin(), elements.end());
      };
      expected.p = wide("user_factors"), expected.q = wide("item_factors");
      for (std::size_t d = 0; d < 9; ++d) expected.p[9 + d] = expected.q[18 + d] = 0;
      expected.bu.resize(30), expected.bi.resize(22), expected.gu.assign(30, 1), expected.gi.assign(22, 1);
      for (const double value : list.values)
        expected.mean += biased ? value / static_cast<double>(list.items.size()) : 0;
      const ls::RatingSchedule<double, Kokkos::Serial> schedule(Kokkos::Serial(), serial.interactions, 4, 0);
      for (int e = 0; e < 3; ++e) {
        double error = 0;
        for (const auto& visit : visit_order(schedule.blocks())) {
          const auto n = static_cast<std::size_t>(visit.entry);
          error += expected.step(static_cast<std::size_t>(visit.user), static_cast<std::size_t>(list.items[n]),
                                 list.values[n]);
        }
        expected.rate *= 0.5;
        CHECK(model.epoch(Space(), data.interactions, e) ==
              doctest::Approx(error / static_cast<double>(list.items.size())).epsilon(10 * tolerance<Real>));
      }
      const auto now = check::parameters_of<Real>(model);
      check::close(now.at("user_factors"), expected.p, 10 * tolerance<Real>);
      check::close(now.at("item_factors"), expected.q, 10 * tolerance<Real>);
      check::close(now.at("user_bias"), expected.bu, 10 * tolerance<Real>);
      check::close(now.at("item_bias"), expected.bi, 10 * tolerance<Real>);
      CHECK(now.count("user_squares") == (adagrad ? 1 : 0));
      if (!adagrad) continue;
      check::close(now.at("user_squares"), expected.gu, 10 * tolerance<Real>);
      check::close(now.at("item_squares"), expected.gi, 10 * tolerance<Real>);
    }
}

TEST_CASE_TEMPLATE("SgdFactorization: edges: one rating, equal ratings, more features than items", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> one({.offsets = {0, 1}, .items = {0}, .values = {4}, .item_count = 1});
  ls::SgdFactorization<Real, Space> single({.users = 1, .items = 1, .features = 3});
  double error = 1;
  for (int e = 0; e < 50; ++e) error = single.epoch(Space(), one.interactions, e);
  CHECK(error < 1e-3);
  auto list = RatingList::random(5, 12, 9, 0.5);
  for (double& value : list.values) value = 2;
  const RatingCase<Real, Space> equal(list);
  ls::SgdFactorization<Real, Space> model({.users = 12, .items = 9, .features = 25});
  for (int e = 0; e < 80; ++e) error = model.epoch(Space(), equal.interactions, e);
  CHECK(error < 1e-2);
}

TEST_CASE_TEMPLATE("SgdFactorization: edges: new users and items get what fits their ratings best", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> data(RatingList::random(6, 30, 20, 0.6));
  ls::SgdFactorization<Real, Space> model({.users = 30, .items = 20, .features = 4, .regularisation = 0.2});
  for (int e = 0; e < 300; ++e) model.epoch(Space(), data.interactions, e);
  const auto near = [](const std::vector<double>& a, const std::vector<double>& b) {
    double apart = 0, length = 0;
    for (std::size_t i = 0; i < a.size(); ++i) apart += std::pow(a[i] - b[i], 2), length += std::pow(b[i], 2);
    return apart / length;
  };
  CHECK(near(numbers_of(model.fold_in_users(Space(), data.interactions.by_user()).view()),
             numbers_of(model.user_vectors(Space()).view())) < 0.01);
  CHECK(near(numbers_of(model.fold_in_items(Space(), data.interactions.by_item()).view()),
             numbers_of(model.item_vectors(Space()).view())) < 0.01);
}

TEST_CASE("SgdFactorization: refused: sizes, settings and interactions that do not fit, and a descent that diverges") {
  using Space = Kokkos::Serial;
  using Model = ls::SgdFactorization<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 0}),
                       "SgdFactorization: users and items are at least 1, features 1 to 2^24, they are 3, 0 and 32",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .rate_decay = std::numeric_limits<double>::quiet_NaN()}),
                       "SgdFactorization: rate_decay is a finite number, it is nan", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .groups = -1}),
                       "SgdFactorization: groups is at least 0, it is -1", ls::ShapeError);
  const RatingCase<float, Space> data(RatingList::random(1, 3, 4, 1));
  Model model({.users = 3, .items = 5});
  CHECK_THROWS_WITH_AS(model.epoch(Space(), data.interactions, 0),
                       "SgdFactorization: expected interactions of 3 users with 5 items, got 3 and 4", ls::ShapeError);
  Model wild({.users = 3, .items = 4, .adagrad = false, .rate = 1e6});
  CHECK_THROWS_WITH_AS(for (int e = 0; e < 20; ++e) wild.epoch(Space(), data.interactions, e),
                       doctest::Contains("lower the rate, which is 1e+06"), ls::DataError);
}

TEST_CASE_TEMPLATE(
    "SgdFactorization: an epoch takes at most a tenth of the memory of factors and interactions beside them", Space,
    LONGSHORE_HOST_SPACES) {
  const auto matrix = test::random_sparse<float, Space>(ls::Random(3), 3000, 800, 0.02);
  const ls::Interactions<float, Space> train(matrix.rows());
  ls::SgdFactorization<float, Space> model({.users = 3000, .items = 800, .features = 32});
  CHECK(test::percent_beside(model, train) <= 10);
}

TEST_CASE("SgdFactorization: threads: P4: P5: the same bits on every space, twice, and after a break") {
  const auto list = RatingList::random(8, 60, 50, 0.4);
  for (const bool adagrad : {true, false}) {
    const ls::SgdFactorizationSettings settings{
        .users = 60, .items = 50, .features = 19, .adagrad = adagrad, .rate = 0.02, .groups = 7};
    check::same_epochs<ls::SgdFactorization, float>(settings, list, 1e-4);
    check::same_epochs<ls::SgdFactorization, double>(settings, list, 1e-9);
  }
}
