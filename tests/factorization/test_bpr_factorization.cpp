// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/bpr_factorization.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/factorization/factorizer.hpp>
#include <vector>

#include "../support/check_factorizer.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

static_assert(ls::Factorizer<ls::BprFactorization<float, Kokkos::Serial>>);
static_assert(ls::InnerProductFactors<ls::BprFactorization<double, Kokkos::Serial>>);

namespace {

/// Users like items of their own parity, one in five of them left out: those are to be found again.
RatingList parity_list(std::vector<std::pair<std::size_t, std::size_t>>& left_out) {
  RatingList list;
  list.item_count = 40;
  for (std::size_t u = 0; u < 60; ++u) {
    for (std::size_t i = u % 2; i < 40; i += 2) {
      if ((u + i / 2) % 5 == 0) {
        left_out.emplace_back(u, i);
      } else {
        list.items.push_back(static_cast<ls::Id>(i));
        list.values.push_back(1);
      }
    }
    list.offsets.push_back(static_cast<std::int64_t>(list.items.size()));
  }
  return list;
}

/// How often an item that was left out is above one of the other parity.
double share_above(const std::vector<double>& users, const std::vector<double>& items, std::size_t width,
                   const std::vector<std::pair<std::size_t, std::size_t>>& left_out) {
  const auto score = [&](std::size_t u, std::size_t i) {
    double sum = 0;
    for (std::size_t d = 0; d < width; ++d) sum += users[u * width + d] * items[i * width + d];
    return sum;
  };
  double above = 0, all = 0;
  for (const auto& [u, i] : left_out)
    for (std::size_t j = 1 - u % 2; j < 40; j += 2) above += score(u, i) > score(u, j) ? 1 : 0, ++all;
  return above / all;
}

}  // namespace

TEST_CASE_TEMPLATE("BprFactorization: reference: finds again what was left out, for users and for new ones", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  std::vector<std::pair<std::size_t, std::size_t>> left_out;
  const RatingCase<Real, Space> data(parity_list(left_out));
  for (const bool biased : {true, false})
    for (const double exponent : {0.0, 1.0}) {
      ls::BprFactorization<Real, Space> model({.users = 60,
                                               .items = 40,
                                               .features = 7,
                                               .biased = biased,
                                               .rate = 0.1,
                                               .popularity_exponent = exponent,
                                               .groups = 3});
      const double first = model.epoch(Space(), data.interactions, 0);
      double last = 0;
      for (int e = 1; e < 40; ++e) last = model.epoch(Space(), data.interactions, e);
      CHECK(first == doctest::Approx(std::log(2)).epsilon(0.1));
      CHECK(last < 0.25);
      const std::size_t width = biased ? 8 : 7;
      const auto users = model.user_vectors(Space()), items = model.item_vectors(Space());
      REQUIRE(users.extent(1) == static_cast<ls::Index>(width));
      CHECK(share_above(numbers_of(users.view()), numbers_of(items.view()), width, left_out) > 0.95);
      const auto folded = model.fold_in_users(Space(), data.interactions.by_user());
      CHECK(share_above(numbers_of(folded.view()), numbers_of(items.view()), width, left_out) > 0.95);
      if (!biased) continue;
      CHECK(numbers_of(folded.view())[7] == 1);
      CHECK(numbers_of(users.view())[15] == 1);
      CHECK(numbers_of(items.view())[7] == numbers_of(model.item_bias.view())[0]);
    }
}

TEST_CASE_TEMPLATE("BprFactorization: edges: users with everything or nothing, one item, more features than items",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> all(
      {.offsets = {0, 2, 4}, .items = {0, 1, 0, 1}, .values = {1, 1, 1, 1}, .item_count = 2});
  ls::BprFactorization<Real, Space> full({.users = 2, .items = 2, .features = 9});
  const auto before = check::parameters_of<Real>(full);
  CHECK(full.epoch(Space(), all.interactions, 0) == 0);  // nothing to compare with
  CHECK(check::same_parameters(before, check::parameters_of<Real>(full)));
  const RatingCase<Real, Space> one({.offsets = {0, 1}, .items = {0}, .values = {1}, .item_count = 1});
  ls::BprFactorization<Real, Space> single({.users = 1, .items = 1, .features = 2});
  CHECK(single.epoch(Space(), one.interactions, 0) == 0);
  const auto list = RatingList::random(7, 6, 9, 0.5);  // the second user has none
  const RatingCase<Real, Space> data(list);
  ls::BprFactorization<Real, Space> model({.users = 6, .items = 9, .features = 30});
  for (int e = 0; e < 20; ++e) model.epoch(Space(), data.interactions, e);
  for (const double number : numbers_of(model.user_vectors(Space()).view())) REQUIRE(std::isfinite(number));
  const auto folded = numbers_of(model.fold_in_users(Space(), data.interactions.by_user()).view());
  CHECK(std::vector<double>(folded.begin() + 30, folded.begin() + 60) == std::vector<double>(30));
}

TEST_CASE("BprFactorization: refused: sizes, settings and interactions that do not fit, and a descent that diverges") {
  using Space = Kokkos::Serial;
  using Model = ls::BprFactorization<float, Space>;
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 0}),
                       "BprFactorization: users and items are at least 1, features 1 to 2^24, they are 3, 0 and 64",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .popularity_exponent = -1}),
                       "BprFactorization: popularity_exponent is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Model({.users = 3, .items = 4, .groups = -1}),
                       "BprFactorization: groups and fold_in_passes are at least 0, they are -1 and 50",
                       ls::ShapeError);
  const RatingCase<float, Space> data(RatingList::random(1, 9, 12, 0.5));
  Model model({.users = 9, .items = 13});
  CHECK_THROWS_WITH_AS(model.epoch(Space(), data.interactions, 0),
                       "BprFactorization: expected interactions of 9 users with 13 items, got 9 and 12",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(model.fold_in_users(Space(), data.interactions.by_user()),
                       "BprFactorization: expected interactions with 13 items, got 12", ls::ShapeError);
  Model wild({.users = 9, .items = 12, .rate = 1e20});
  CHECK_THROWS_WITH_AS(for (int e = 0; e < 20; ++e) wild.epoch(Space(), data.interactions, e),
                       doctest::Contains("lower the rate, which is 1e+20"), ls::DataError);
}

TEST_CASE("BprFactorization: threads: P4: P5: the same bits on every space, twice, and after a break") {
  const auto list = RatingList::random(8, 60, 50, 0.4);
  for (const double exponent : {0.0, 0.75}) {
    const ls::BprFactorizationSettings settings{
        .users = 60, .items = 50, .features = 19, .biased = true, .popularity_exponent = exponent, .groups = 6};
    check::same_epochs<ls::BprFactorization, float>(settings, list, 1e-4);
    check::same_epochs<ls::BprFactorization, double>(settings, list, 1e-9);
  }
}
