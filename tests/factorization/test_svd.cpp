// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/svd.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/copy_to.hpp>
#include <longshore/factorization/factorizer.hpp>
#include <type_traits>
#include <vector>

#include "../support/check_factorizer.hpp"
#include "../support/host_spaces.hpp"

namespace ls = longshore;

static_assert(ls::Factorizer<ls::Svd<float, Kokkos::Serial>>);
static_assert(ls::InnerProductFactors<ls::Svd<double, Kokkos::Serial>>);

namespace {

/// Surprise's SVD, written from its equations. What is volatile is rounded by itself.
template <class Real>
struct SequentialSvdReference {
  ls::Index features;
  bool biased;
  Real rate, regularisation, bias_rate, bias_regularisation, mean = 0;
  std::vector<Real> bu = {}, bi = {}, pu = {}, qi = {};

  void epoch(const RatingList& list) {
    for (ls::Index u = 0; u < list.users(); ++u)
      for (auto n = static_cast<std::size_t>(list.offsets[static_cast<std::size_t>(u)]);
           n < static_cast<std::size_t>(list.offsets[static_cast<std::size_t>(u) + 1]); ++n)
        step(static_cast<std::size_t>(u), static_cast<std::size_t>(list.items[n]), static_cast<Real>(list.values[n]));
  }

  void step(std::size_t u, std::size_t i, Real r) {
    const auto width = static_cast<std::size_t>(features);
    volatile Real dot = 0;
    for (std::size_t f = 0; f < width; ++f) {
      volatile Real product = qi[i * width + f] * pu[u * width + f];
      dot = dot + product;
    }
    volatile Real sum = mean + bu[u];
    sum = sum + bi[i];
    sum = sum + dot;
    volatile Real err = r - sum;
    if (biased) {
      move(bu[u], err, bias_rate, bias_regularisation);
      move(bi[i], err, bias_rate, bias_regularisation);
    }
    for (std::size_t f = 0; f < width; ++f) {
      const Real puf = pu[u * width + f], qif = qi[i * width + f];
      volatile Real towards_p = err * qif, towards_q = err * puf;
      move(pu[u * width + f], towards_p, rate, regularisation);
      move(qi[i * width + f], towards_q, rate, regularisation);
    }
  }

  static void move(Real& x, Real towards, Real its_rate, Real its_regularisation) {
    volatile Real shrink = its_regularisation * x;
    volatile Real gradient = towards - shrink;
    volatile Real change = its_rate * gradient;
    x = x + change;
  }
};

template <class Real, class Space>
double rating(const ls::Svd<Real, Space>& model, ls::Index u, ls::Index i) {
  const auto users = model.user_vectors(Space()), items = model.item_vectors(Space());
  const auto p = ls::copy_to_host(users.view()), q = ls::copy_to_host(items.view());
  const auto width = static_cast<std::size_t>(users.extent(1));
  double sum = 0;
  for (std::size_t d = 0; d < width; ++d)
    sum += static_cast<double>(p[static_cast<std::size_t>(u) * width + d]) *
           static_cast<double>(q[static_cast<std::size_t>(i) * width + d]);
  return sum;
}

}  // namespace

TEST_CASE_TEMPLATE("Svd: hand: one rating, one feature", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> data({.offsets = {0, 1}, .items = {0}, .values = {4}, .item_count = 1});
  ls::Svd<Real, Space> model({.users = 1,
                              .items = 1,
                              .features = 1,
                              .rate = 0.5,
                              .regularisation = 0.125,
                              .bias_rate = 0.25,
                              .bias_regularisation = 0.5,
                              .factors = ls::constant(2)});
  // mu 4, prediction 4 + 0 + 0 + 2 * 2, error -4: b = 0.25 * -4, p = 2 + 0.5 (-4 * 2 - 0.125 * 2).
  CHECK(model.epoch(Space(), data.interactions, 0) == 16);
  const auto now = check::parameters_of<Real>(model);
  CHECK(now.at("mean") == std::vector<Real>{4});
  CHECK(now.at("user_bias") == std::vector<Real>{-1});
  CHECK(now.at("item_bias") == std::vector<Real>{-1});
  CHECK(now.at("user_factors") == std::vector<Real>{Real(-2.125)});
  CHECK(now.at("item_factors") == std::vector<Real>{Real(-2.125)});
  CHECK(rating(model, 0, 0) == doctest::Approx(4 - 1 - 1 + 2.125 * 2.125));
}

TEST_CASE_TEMPLATE("Svd: reference: sequential epochs equal Surprise's arithmetic to the bit", Where,
                   LONGSHORE_ON_SOME_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool biased : {true, false})
    for (const ls::Index features : {1, 7, 33}) {
      const auto list = RatingList::random(3, 23, 17, 0.3);
      const RatingCase<Real, Space> data(list);
      ls::Svd<Real, Space> model({.users = 23,
                                  .items = 17,
                                  .features = features,
                                  .biased = biased,
                                  .rate = 0.011,
                                  .regularisation = 0.03,
                                  .bias_rate = 0.007,
                                  .bias_regularisation = 0.05,
                                  .order = ls::Order::sequential,
                                  .seed = 5});
      SequentialSvdReference<Real> expected{.features = features,
                                            .biased = biased,
                                            .rate = Real(0.011),
                                            .regularisation = Real(0.03),
                                            .bias_rate = Real(0.007),
                                            .bias_regularisation = Real(0.05)};
      expected.bu.resize(23);
      expected.bi.resize(17);
      const auto start = check::parameters_of<Real>(model);
      expected.pu = start.at("user_factors"), expected.qi = start.at("item_factors");
      for (ls::Index d = 0; d < features; ++d)  // the user and the item without ratings
        expected.pu[static_cast<std::size_t>(features + d)] = expected.qi[static_cast<std::size_t>(2 * features + d)] =
            0;
      double sum = 0;
      for (const double value : list.values) sum += value;
      if (biased) expected.mean = static_cast<Real>(sum / static_cast<double>(list.values.size()));
      for (int e = 0; e < 3; ++e) {
        model.epoch(Space(), data.interactions, e);
        expected.epoch(list);
      }
      const auto now = check::parameters_of<Real>(model);
      CHECK(now.at("user_factors") == expected.pu);
      CHECK(now.at("item_factors") == expected.qi);
      CHECK(now.at("user_bias") == expected.bu);
      CHECK(now.at("item_bias") == expected.bi);
      CHECK((expected.bu[0] != 0) == biased);
    }
}

TEST_CASE_TEMPLATE("Svd: reference: both orders learn ratings that have a structure", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto list = RatingList::random(4, 40, 30, 0.5);
  std::size_t n = 0;
  for (std::size_t u = 0; u < 40; ++u)
    for (; n < static_cast<std::size_t>(list.offsets[u + 1]); ++n)
      list.values[n] = 3 + (u % 2 == static_cast<std::size_t>(list.items[n]) % 2 ? 1 : -1);
  const RatingCase<Real, Space> data(list);
  for (const ls::Index groups : {0, 1, 5}) {
    ls::Svd<Real, Space> model({.users = 40, .items = 30, .features = 4, .rate = 0.1, .groups = groups});
    double error = 0;
    const double first = model.epoch(Space(), data.interactions, 0);
    for (int e = 1; e < 40; ++e) error = model.epoch(Space(), data.interactions, e);
    CHECK(first > 0.9);
    CHECK(error < 0.05);
    CHECK(rating(model, 0, 0) == doctest::Approx(4).epsilon(0.1));
    CHECK(rating(model, 0, 1) == doctest::Approx(2).epsilon(0.1));
    CHECK(rating(model, 1, 1) == doctest::Approx(3).epsilon(0.1));  // has rated nothing: mean and bias
  }
}

TEST_CASE_TEMPLATE("Svd: edges: all ratings equal, more features than items, one user, one item", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto& [users, items] : std::vector<std::pair<ls::Index, ls::Index>>{{1, 6}, {6, 1}, {9, 5}}) {
    RatingList list{.item_count = items};
    for (ls::Index u = 0; u < users; ++u) {
      for (ls::Index i = 0; i < items; ++i) list.items.push_back(i), list.values.push_back(3);
      list.offsets.push_back(static_cast<std::int64_t>(list.items.size()));
    }
    const RatingCase<Real, Space> data(list);
    ls::Svd<Real, Space> model({.users = users, .items = items, .features = 40, .rate = 0.05, .groups = 3});
    double error = 1;
    for (int e = 0; e < 30; ++e) error = model.epoch(Space(), data.interactions, e);
    CHECK(error < 1e-2);
    CHECK(rating(model, 0, 0) == doctest::Approx(3).epsilon(0.05));
  }
}

TEST_CASE_TEMPLATE("Svd: edges: new users and items get what fits their ratings best", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(6, 30, 20, 0.6);
  const RatingCase<Real, Space> data(list);
  ls::Svd<Real, Space> model({.users = 30, .items = 20, .features = 5, .rate = 0.02, .regularisation = 0.1});
  for (int e = 0; e < 200; ++e) model.epoch(Space(), data.interactions, e);
  const auto before = check::parameters_of<Real>(model);
  const auto folded = model.fold_in_users(Space(), data.interactions.by_user());
  const auto trained = model.user_vectors(Space());
  CHECK(check::same_parameters(before, check::parameters_of<Real>(model)));
  const auto a = ls::copy_to_host(folded.view()), b = ls::copy_to_host(trained.view());
  double apart = 0, length = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    apart += std::pow(static_cast<double>(a[i] - b[i]), 2);
    length += std::pow(static_cast<double>(b[i]), 2);
  }
  CHECK(apart < 0.01 * length);  // descent has come close to where each user's part is least
  const auto mean = before.at("mean")[0];
  CHECK(std::vector<Real>(a.begin() + 7, a.begin() + 14) == std::vector<Real>{0, 0, 0, 0, 0, mean, 1});
  const auto items = ls::copy_to_host(model.fold_in_items(Space(), data.interactions.by_item()).view());
  CHECK(std::vector<Real>(items.begin() + 14, items.begin() + 21) == std::vector<Real>{0, 0, 0, 0, 0, 1, 0});
  CHECK(items[5] == 1);
}

TEST_CASE("Svd: refused: sizes, settings and interactions that do not fit, and a descent that diverges") {
  using Space = Kokkos::Serial;
  using Model = ls::Svd<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 0, .features = 2}),
                       "Svd: users and items are at least 1, features 1 to 2^24, they are 3, 0 and 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .features = 0}),
                       "Svd: users and items are at least 1, features 1 to 2^24, they are 3, 4 and 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .rate = -1}), "Svd: rate is at least 0, it is -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .bias_regularisation = std::numeric_limits<double>::infinity()}),
                       "Svd: bias_regularisation is a finite number, it is inf", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .groups = -2}), "Svd: groups is at least 0, it is -2",
                       ls::ShapeError);
  const RatingCase<float, Space> data(RatingList::random(1, 3, 4, 1));
  Model model({.users = 3, .items = 5, .features = 2});
  CHECK_THROWS_WITH_AS(model.epoch(Space(), data.interactions, 0),
                       "Svd: expected interactions of 3 users with 5 items, got 3 and 4", ls::ShapeError);
  const RatingCase<float, Space> none({.offsets = {0, 0, 0, 0}, .items = {}, .values = {}, .item_count = 5});
  CHECK_THROWS_WITH_AS(model.epoch(Space(), none.interactions, 0), "Svd: there are no interactions to learn from",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(model.fold_in_users(Space(), data.interactions.by_user()),
                       "Svd: expected ratings of 5 items, got 4", ls::ShapeError);
  Model wild({.users = 3, .items = 4, .features = 2, .rate = 1e6});
  CHECK_THROWS_WITH_AS(for (int e = 0; e < 20; ++e) wild.epoch(Space(), data.interactions, e),
                       doctest::Contains("lower the rate, which is 1e+06"), ls::DataError);
}

TEST_CASE("Svd: threads: P4: P5: the same bits on every space, twice, and after a break") {
  const auto list = RatingList::random(8, 60, 50, 0.4);
  for (const ls::Index groups : {0, 7}) {
    const ls::SvdSettings settings{.users = 60, .items = 50, .features = 19, .groups = groups};
    check::same_epochs<ls::Svd, float>(settings, list, 1e-4);
    check::same_epochs<ls::Svd, double>(settings, list, 1e-9);
  }
}
