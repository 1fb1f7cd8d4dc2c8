// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/svdpp.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/factorization/factorizer.hpp>
#include <vector>

#include "../support/check_factorizer.hpp"
#include "../support/host_spaces.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

static_assert(ls::Factorizer<ls::Svdpp<float, Kokkos::Serial>>);
static_assert(ls::InnerProductFactors<ls::Svdpp<double, Kokkos::Serial>>);

namespace {

/// Surprise's SVDpp, written from its equations. What is volatile is rounded by itself.
template <class Real>
struct SequentialSvdppReference {
  std::size_t features;
  Real rate, regularisation, bias_rate, bias_regularisation, implicit_rate, implicit_regularisation, mean = 0;
  std::vector<Real> bu = {}, bi = {}, pu = {}, qi = {}, yj = {};

  void epoch(const RatingList& list) {
    for (std::size_t u = 0; u < bu.size(); ++u)
      for (auto n = static_cast<std::size_t>(list.offsets[u]); n < static_cast<std::size_t>(list.offsets[u + 1]); ++n)
        step(list, u, static_cast<std::size_t>(list.items[n]), static_cast<Real>(list.values[n]));
  }

  void step(const RatingList& list, std::size_t u, std::size_t i, Real r) {
    std::vector<std::size_t> rated;
    for (auto n = static_cast<std::size_t>(list.offsets[u]); n < static_cast<std::size_t>(list.offsets[u + 1]); ++n)
      rated.push_back(static_cast<std::size_t>(list.items[n]));
    const auto root = static_cast<Real>(std::sqrt(static_cast<double>(rated.size())));
    std::vector<Real> z(features);
    for (const std::size_t j : rated)
      for (std::size_t f = 0; f < features; ++f) z[f] += yj[j * features + f] / root;
    volatile Real dot = 0;
    for (std::size_t f = 0; f < features; ++f) {
      volatile Real product = qi[i * features + f] * (pu[u * features + f] + z[f]);
      dot = dot + product;
    }
    volatile Real sum = mean + bu[u];
    sum = sum + bi[i];
    sum = sum + dot;
    volatile Real err = r - sum;
    move(bu[u], err, bias_rate, bias_regularisation);
    move(bi[i], err, bias_rate, bias_regularisation);
    for (std::size_t f = 0; f < features; ++f) {
      const Real puf = pu[u * features + f], qif = qi[i * features + f];
      volatile Real towards_p = err * qif, towards_q = err * (puf + z[f]);
      volatile Real towards_y = towards_p / root;
      move(pu[u * features + f], towards_p, rate, regularisation);
      move(qi[i * features + f], towards_q, rate, regularisation);
      for (const std::size_t j : rated) move(yj[j * features + f], towards_y, implicit_rate, implicit_regularisation);
    }
  }

  static void move(Real& x, Real towards, Real its_rate, Real its_regularisation) {
    volatile Real shrink = its_regularisation * x;
    volatile Real gradient = towards - shrink;
    volatile Real change = its_rate * gradient;
    x = x + change;
  }
};

const ls::SvdppSettings example{.users = 23,
                                .items = 17,
                                .features = 21,
                                .rate = 0.011,
                                .regularisation = 0.03,
                                .bias_rate = 0.007,
                                .bias_regularisation = 0.05,
                                .implicit_rate = 0.013,
                                .implicit_regularisation = 0.04,
                                .seed = 5};

}  // namespace

TEST_CASE_TEMPLATE("Svdpp: reference: sequential epochs equal Surprise's arithmetic to the bit", Where,
                   LONGSHORE_ON_SOME_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(3, 23, 17, 0.3);
  const RatingCase<Real, Space> data(list);
  auto settings = example;
  settings.order = ls::Order::sequential;
  ls::Svdpp<Real, Space> model(settings);
  SequentialSvdppReference<Real> expected{.features = 21,
                                          .rate = Real(0.011),
                                          .regularisation = Real(0.03),
                                          .bias_rate = Real(0.007),
                                          .bias_regularisation = Real(0.05),
                                          .implicit_rate = Real(0.013),
                                          .implicit_regularisation = Real(0.04)};
  expected.bu.resize(23);
  expected.bi.resize(17);
  const auto start = check::parameters_of<Real>(model);
  expected.pu = start.at("user_factors"), expected.qi = start.at("item_factors");
  expected.yj = start.at("implicit_factors");
  for (std::size_t d = 0; d < 21; ++d)  // the user and the item without ratings
    expected.pu[21 + d] = expected.qi[42 + d] = 0;
  double sum = 0;
  for (const double value : list.values) sum += value;
  expected.mean = static_cast<Real>(sum / static_cast<double>(list.values.size()));
  for (int e = 0; e < 3; ++e) {
    model.epoch(Space(), data.interactions, e);
    expected.epoch(list);
  }
  const auto now = check::parameters_of<Real>(model);
  CHECK(now.at("user_factors") == expected.pu);
  CHECK(now.at("item_factors") == expected.qi);
  CHECK(now.at("implicit_factors") == expected.yj);
  CHECK(now.at("user_bias") == expected.bu);
  CHECK(now.at("item_bias") == expected.bi);
}

TEST_CASE_TEMPLATE("Svdpp: reference: blocked with one user at once is the published descent up to rounding", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(3, 23, 17, 0.3);
  const RatingCase<Real, Space> data(list);
  const RatingCase<double, Kokkos::Serial> exact(list);
  auto settings = example;
  settings.order = ls::Order::sequential;
  ls::Svdpp<double, Kokkos::Serial> expected(settings);
  settings.order = ls::Order::blocked;
  settings.users_at_once = 1;
  ls::Svdpp<Real, Space> model(settings);
  for (int e = 0; e < 3; ++e) {
    const double error = expected.epoch(Kokkos::Serial(), exact.interactions, e);
    CHECK(model.epoch(Space(), data.interactions, e) == doctest::Approx(error).epsilon(10 * tolerance<Real>));
  }
  const auto a = check::parameters_of<Real>(model);
  for (const auto& [name, elements] : check::parameters_of<double>(expected))
    check::close(a.at(name), elements, 10 * tolerance<Real>);
  const auto vectors = numbers_of(model.user_vectors(Space()).view());
  CHECK(vectors[0] == doctest::Approx(static_cast<double>(a.at("user_factors")[0] + a.at("implicit_sums")[0])));
}

TEST_CASE_TEMPLATE("Svdpp: edges: one rating, all ratings equal, more features than items, many users at once", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto& [users, items] : std::vector<std::pair<ls::Index, ls::Index>>{{1, 1}, {7, 1}, {9, 5}}) {
    RatingList list;
    list.item_count = items;
    for (ls::Index u = 0; u < users; ++u) {
      for (ls::Index i = 0; i < items; ++i) list.items.push_back(i), list.values.push_back(3);
      list.offsets.push_back(static_cast<std::int64_t>(list.items.size()));
    }
    const RatingCase<Real, Space> data(list);
    ls::Svdpp<Real, Space> model({.users = users, .items = items, .features = 8, .rate = 0.05, .users_at_once = 4});
    double error = 1;
    for (int e = 0; e < 60; ++e) error = model.epoch(Space(), data.interactions, e);
    CHECK(error < 1e-2);
  }
}

TEST_CASE_TEMPLATE("Svdpp: edges: new users and items get what fits their ratings best", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> data(RatingList::random(6, 30, 20, 0.6));
  ls::Svdpp<Real, Space> model({.users = 30, .items = 20, .features = 5, .rate = 0.02, .regularisation = 0.1});
  for (int e = 0; e < 200; ++e) model.epoch(Space(), data.interactions, e);
  const auto before = check::parameters_of<Real>(model);
  const auto folded = numbers_of(model.fold_in_users(Space(), data.interactions.by_user()).view());
  const auto trained = numbers_of(model.user_vectors(Space()).view());
  CHECK(check::same_parameters(before, check::parameters_of<Real>(model)));
  double apart = 0, length = 0;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    apart += std::pow(folded[i] - trained[i], 2);
    length += std::pow(trained[i], 2);
  }
  CHECK(apart < 0.01 * length);
  CHECK(std::vector<double>(folded.begin() + 7, folded.begin() + 12) == std::vector<double>(5));
  const auto items = numbers_of(model.fold_in_items(Space(), data.interactions.by_item()).view());
  const auto known = numbers_of(model.item_vectors(Space()).view());
  apart = length = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    apart += std::pow(items[i] - known[i], 2);
    length += std::pow(known[i], 2);
  }
  CHECK(apart < 0.03 * length);  // descent with a rate goes around the least
}

TEST_CASE("Svdpp: refused: sizes, settings and interactions that do not fit") {
  using Space = Kokkos::Serial;
  using Model = ls::Svdpp<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 0, .items = 3}),
                       "Svdpp: users and items are at least 1, features 1 to 2^24, they are 0, 3 and 20",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .implicit_rate = -1}),
                       "Svdpp: implicit_rate is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .users_at_once = 0}),
                       "Svdpp: users_at_once is at least 1, it is 0", ls::ShapeError);
  const RatingCase<float, Space> data(RatingList::random(1, 3, 4, 1));
  Model model({.users = 4, .items = 4});
  CHECK_THROWS_WITH_AS(model.epoch(Space(), data.interactions, 0),
                       "Svdpp: expected interactions of 4 users with 4 items, got 3 and 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(model.fold_in_items(Space(), data.interactions.by_item()),
                       "Svdpp: expected ratings by 4 users, got 3", ls::ShapeError);
}

TEST_CASE("Svdpp: threads: P4: P5: the same bits on every space, twice, and after a break") {
  const auto list = RatingList::random(8, 60, 50, 0.4);
  const ls::SvdppSettings settings{.users = 60, .items = 50, .features = 19, .users_at_once = 25};
  check::same_epochs<ls::Svdpp, float>(settings, list, 1e-4);
  check::same_epochs<ls::Svdpp, double>(settings, list, 1e-9);
}
