// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/nmf.hpp>
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

static_assert(ls::Factorizer<ls::Nmf<float, Kokkos::Serial>>);
static_assert(ls::InnerProductFactors<ls::Nmf<double, Kokkos::Serial>>);

namespace {

/// Surprise's NMF, written from its equations; a denominator of 0 leaves a factor. What is volatile is rounded by
/// itself, unless `Real` is wider than what is compared.
template <class Real>
struct NmfReference {
  std::size_t features;
  bool biased;
  Real regularisation, bias_rate, bias_regularisation, mean = 0;
  std::vector<Real> bu = {}, bi = {}, pu = {}, qi = {};

  void epoch(const RatingList& list) {
    std::vector<Real> user_num(pu.size()), user_denom(pu.size()), item_num(qi.size()), item_denom(qi.size());
    std::vector<Real> of_user(bu.size()), of_item(bi.size());
    for (std::size_t u = 0; u < bu.size(); ++u)
      for (auto n = static_cast<std::size_t>(list.offsets[u]); n < static_cast<std::size_t>(list.offsets[u + 1]); ++n) {
        const auto i = static_cast<std::size_t>(list.items[n]);
        const auto r = static_cast<Real>(list.values[n]);
        volatile Real dot = 0;
        for (std::size_t f = 0; f < features; ++f) {
          volatile Real product = qi[i * features + f] * pu[u * features + f];
          dot = dot + product;
        }
        volatile Real est = mean + bu[u];
        est = est + bi[i];
        est = est + dot;
        volatile Real err = r - est;
        ++of_user[u], ++of_item[i];
        if (biased) move(bu[u], err), move(bi[i], err);
        for (std::size_t f = 0; f < features; ++f) {
          add(user_num[u * features + f], qi[i * features + f], r);
          add(user_denom[u * features + f], qi[i * features + f], est);
          add(item_num[i * features + f], pu[u * features + f], r);
          add(item_denom[i * features + f], pu[u * features + f], est);
        }
      }
    update(pu, user_num, user_denom, of_user);
    update(qi, item_num, item_denom, of_item);
  }

  static void add(Real& sum, Real a, Real b) {
    volatile Real product = a * b;
    sum = sum + product;
  }
  void move(Real& x, Real towards) const {
    volatile Real shrink = bias_regularisation * x;
    volatile Real gradient = towards - shrink;
    volatile Real change = bias_rate * gradient;
    x = x + change;
  }
  void update(std::vector<Real>& factors, const std::vector<Real>& num, const std::vector<Real>& denom,
              const std::vector<Real>& count) const {
    for (std::size_t r = 0; r < count.size(); ++r)
      for (std::size_t f = r * features; f < (r + 1) * features; ++f) {
        volatile Real ridge = count[r] * regularisation;
        ridge = ridge * factors[f];
        volatile Real below = denom[f] + ridge;
        volatile Real ratio = num[f] / below;
        if (below > 0) factors[f] = factors[f] * ratio;
      }
  }
};

}  // namespace

TEST_CASE_TEMPLATE("Nmf: reference: sequential epochs equal Surprise's arithmetic to the bit, blocked ones to rounding",
                   Where, LONGSHORE_ON_SOME_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(3, 23, 17, 0.3);
  const RatingCase<Real, Space> data(list);
  for (const bool biased : {true, false})
    for (const ls::Order order : {ls::Order::sequential, ls::Order::blocked}) {
      ls::Nmf<Real, Space> model({.users = 23,
                                  .items = 17,
                                  .features = 19,
                                  .biased = biased,
                                  .regularisation = 0.05,
                                  .bias_rate = biased && order == ls::Order::blocked ? 0 : 0.01,
                                  .order = order,
                                  .groups = 4,
                                  .seed = 2});
      NmfReference<Real> expected{.features = 19,
                                  .biased = biased,
                                  .regularisation = Real(0.05),
                                  .bias_rate = static_cast<Real>(model.settings.bias_rate),
                                  .bias_regularisation = Real(0.02)};
      const auto start = check::parameters_of<Real>(model);
      expected.pu = start.at("user_factors"), expected.qi = start.at("item_factors");
      expected.bu.resize(23), expected.bi.resize(17);
      for (std::size_t d = 0; d < 19; ++d) expected.pu[19 + d] = expected.qi[38 + d] = 0;
      double sum = 0;
      for (const double value : list.values) sum += value;
      if (biased) expected.mean = static_cast<Real>(sum / static_cast<double>(list.values.size()));
      for (int e = 0; e < 5; ++e) {
        model.epoch(Space(), data.interactions, e);
        expected.epoch(list);
      }
      const auto now = check::parameters_of<Real>(model);
      for (const Real factor : now.at("user_factors")) REQUIRE(factor >= 0);
      if (order == ls::Order::sequential) {
        CHECK(now.at("user_factors") == expected.pu);
        CHECK(now.at("item_factors") == expected.qi);
        CHECK(now.at("user_bias") == expected.bu);
        CHECK(now.at("item_bias") == expected.bi);
      } else {  // without a rate of the biases the order does not matter
        check::close(now.at("user_factors"), {expected.pu.begin(), expected.pu.end()}, 20 * tolerance<Real>);
        check::close(now.at("item_factors"), {expected.qi.begin(), expected.qi.end()}, 20 * tolerance<Real>);
      }
    }
}

TEST_CASE_TEMPLATE("Nmf: reference: learns ratings that factors without a sign make, for new users and items too",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto list = RatingList::random(4, 40, 30, 0.5);
  std::size_t n = 0;
  for (std::size_t u = 0; u < 40; ++u)
    for (; n < static_cast<std::size_t>(list.offsets[u + 1]); ++n)
      list.values[n] = u % 2 == static_cast<std::size_t>(list.items[n]) % 2 ? 4 : 1;
  const RatingCase<Real, Space> data(list);
  for (const bool biased : {false, true}) {
    ls::Nmf<Real, Space> model({.users = 40, .items = 30, .features = 4, .biased = biased, .regularisation = 0.01});
    double error = 0;
    const double first = model.epoch(Space(), data.interactions, 0);
    for (int e = 1; e < 150; ++e) error = model.epoch(Space(), data.interactions, e);
    CHECK(first > 1);
    CHECK(error < 0.3);  // of a variance of 2.25
    const auto users = numbers_of(model.user_vectors(Space()).view()),
               items = numbers_of(model.item_vectors(Space()).view());
    const auto new_users = numbers_of(model.fold_in_users(Space(), data.interactions.by_user()).view());
    const auto new_items = numbers_of(model.fold_in_items(Space(), data.interactions.by_item()).view());
    const auto predicted = [](const std::vector<double>& p, const std::vector<double>& q, std::size_t u,
                              std::size_t i) {
      double sum = 0;
      for (std::size_t d = 0; d < 6; ++d) sum += p[u * 6 + d] * q[i * 6 + d];
      return sum;
    };
    for (const auto& [p, q] :
         {std::pair(&users, &items), std::pair(&new_users, &items), std::pair(&users, &new_items)}) {
      CHECK(predicted(*p, *q, 0, 0) == doctest::Approx(4).epsilon(0.15));
      CHECK(predicted(*p, *q, 0, 1) == doctest::Approx(1).epsilon(0.4));
    }
    if (!biased) CHECK(predicted(new_users, items, 1, 0) == 0);  // has rated nothing
  }
}

TEST_CASE_TEMPLATE("Nmf: edges: ratings of 0, one rating, more features than items", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> zeros({.offsets = {0, 2}, .items = {0, 1}, .values = {0, 0}, .item_count = 2});
  ls::Nmf<Real, Space> none({.users = 1, .items = 2, .features = 3});
  double error = 1;
  for (int e = 0; e < 4; ++e) error = none.epoch(Space(), zeros.interactions, e);
  CHECK(error == 0);  // and no 0 / 0
  const RatingCase<Real, Space> one({.offsets = {0, 1}, .items = {0}, .values = {4}, .item_count = 1});
  ls::Nmf<Real, Space> single({.users = 1, .items = 1, .features = 30, .regularisation = 0});
  const double first = single.epoch(Space(), one.interactions, 0);
  for (int e = 1; e < 40; ++e) error = single.epoch(Space(), one.interactions, e);
  CHECK(error < first);  // p and q, both by the numbers of before, may go past each other for ever
}

TEST_CASE("Nmf: refused: sizes, settings and interactions that do not fit, negative ratings") {
  using Space = Kokkos::Serial;
  using Model = ls::Nmf<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 0}),
                       "Nmf: users and items are at least 1, features 1 to 2^24, they are 3, 0 and 15", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .regularisation = -1}),
                       "Nmf: regularisation is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .fold_in_steps = -1}),
                       "Nmf: groups and fold_in_steps are at least 0, they are 0 and -1", ls::ShapeError);
  auto list = RatingList::random(1, 3, 4, 1);
  list.values[2] = -0.5;
  const RatingCase<float, Space> data(list);
  Model model({.users = 3, .items = 4}), other({.users = 3, .items = 5});
  CHECK_THROWS_WITH_AS(model.epoch(Space(), data.interactions, 0), "Nmf: ratings are at least 0, one is -0.5",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(model.fold_in_users(Space(), data.interactions.by_user()),
                       "Nmf: ratings are at least 0, one is -0.5", ls::DataError);
  CHECK_THROWS_WITH_AS(other.epoch(Space(), data.interactions, 0),
                       "Nmf: expected interactions of 3 users with 5 items, got 3 and 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(other.fold_in_users(Space(), data.interactions.by_user()),
                       "Nmf: expected ratings of 5 items, got 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 4, .items = 4}).fold_in_items(Space(), data.interactions.by_item()),
                       "Nmf: expected ratings by 4 users, got 3", ls::ShapeError);
}

TEST_CASE("Nmf: threads: P4: P5: the same bits on every space, twice, and after a break") {
  const auto list = RatingList::random(8, 60, 50, 0.4);
  for (const bool biased : {true, false}) {
    const ls::NmfSettings settings{.users = 60, .items = 50, .features = 19, .biased = biased, .groups = 7};
    check::same_epochs<ls::Nmf, float>(settings, list, 1e-4);
    check::same_epochs<ls::Nmf, double>(settings, list, 1e-9);
  }
}
