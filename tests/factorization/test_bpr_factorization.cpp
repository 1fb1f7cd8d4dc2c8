// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/bpr_factorization.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/factorization/factorizer.hpp>
#include <vector>

#include "../support/check_factorizer.hpp"
#include "../support/epoch_memory.hpp"
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

TEST_CASE("BprFactorization: reference: a model does not depend on where among the item groups the epoch ended") {
  using Space = Kokkos::Serial;
  constexpr ls::Index items = 160, groups = 8;
  const RatingCase<double, Space> data(RatingList::random(61, 400, items, 0.1));
  ls::BprFactorization<double, Space> model(
      {.users = 400, .items = items, .features = 8, .rate = 0.3, .groups = groups / 2});
  double swing = 0, spread = 0, before = 0;
  for (int e = 0; e < 40; ++e) {
    const double loss = model.epoch(Space(), data.interactions, e);
    if (e >= 16) swing += std::abs(loss - before) / 24;
    before = loss;
    if (e < 20) continue;
    // What an average user thinks of the items of each group, which are all alike: pushed up last, or down.
    const auto users = numbers_of(model.user_vectors(Space()).view()),
               q = numbers_of(model.item_vectors(Space()).view());
    std::vector<double> mean(groups);
    for (std::size_t u = 0; u < 400; ++u)
      for (std::size_t i = 0; i < items; ++i)
        for (std::size_t d = 0; d < 8; ++d) mean[i * groups / items] += users[u * 8 + d] * q[i * 8 + d] / (400 * 20);
    double sum = 0, squares = 0;
    for (const double x : mean) sum += x / groups;
    for (const double x : mean) squares += (x - sum) * (x - sum) / groups;
    spread += std::sqrt(squares) / 20;
  }
  // Where one group of a pair has the positives of a round, the other its negatives, they are .069 and .33.
  CHECK(swing < 0.02);
  CHECK(spread < 0.05);
}

TEST_CASE_TEMPLATE(
    "BprFactorization: reference: new items are where their users are, as high as those that were trained", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  std::vector<std::pair<std::size_t, std::size_t>> left_out;
  const RatingList whole = parity_list(left_out);
  // Trained without the last eight items, which come back as new ones; behind them one that nobody chose.
  constexpr ls::Index known = 32;
  RatingList old{.item_count = known}, fresh{.item_count = 60};
  std::vector<std::vector<ls::Id>> users_of(9);
  for (std::size_t u = 0; u < 60; ++u) {
    for (auto n = whole.offsets[u]; n < whole.offsets[u + 1]; ++n) {
      const ls::Id item = whole.items[static_cast<std::size_t>(n)];
      if (item < known)
        old.items.push_back(item), old.values.push_back(1);
      else
        users_of[static_cast<std::size_t>(item - known)].push_back(static_cast<ls::Id>(u));
    }
    old.offsets.push_back(static_cast<std::int64_t>(old.items.size()));
  }
  for (const auto& users : users_of) {
    for (const ls::Id user : users) fresh.items.push_back(user), fresh.values.push_back(1);
    fresh.offsets.push_back(static_cast<std::int64_t>(fresh.items.size()));
  }
  const RatingCase<Real, Space> train(old), rows(fresh);
  for (const bool biased : {true, false}) {
    ls::BprFactorization<Real, Space> model(
        {.users = 60, .items = known, .features = 7, .biased = biased, .rate = 0.1, .groups = 3});
    for (int e = 0; e < 40; ++e) model.epoch(Space(), train.interactions, e);
    const std::size_t width = biased ? 8 : 7;
    const auto folded = model.fold_in_items(Space(), rows.interactions.by_user(), train.interactions);
    REQUIRE(folded.extent(0) == 9);
    REQUIRE(folded.extent(1) == static_cast<ls::Index>(width));
    const auto users = numbers_of(model.user_vectors(Space()).view()),
               items = numbers_of(model.item_vectors(Space()).view()), added = numbers_of(folded.view());
    const auto mean = [&](const std::vector<double>& vectors, std::size_t first, std::size_t last, bool liked) {
      double sum = 0, count = 0;
      for (std::size_t i = first; i < last; ++i)
        for (std::size_t u = (i + (liked ? 0 : 1)) % 2; u < 60; u += 2, ++count)
          for (std::size_t d = 0; d < width; ++d) sum += users[u * width + d] * vectors[i * width + d];
      return sum / count;
    };
    const double up = mean(items, 0, known, true), down = mean(items, 0, known, false);
    CHECK(up > down + 1);
    CHECK(std::abs(mean(added, 0, 8, true) - up) < 0.25 * (up - down));
    CHECK(std::abs(mean(added, 0, 8, false) - down) < 0.25 * (up - down));
    CHECK((mean(added, 8, 9, true) + mean(added, 8, 9, false)) / 2 < (up + down) / 2);
  }
}

TEST_CASE_TEMPLATE(
    "BprFactorization: reference: new users and items are found as the settings say, by every one of them", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> data(RatingList::random(5, 30, 20, 0.4));
  const auto train = [&](const ls::BprFactorizationSettings& settings) {
    ls::BprFactorization<Real, Space> model(settings);
    for (int e = 0; e < 3; ++e) model.epoch(Space(), data.interactions, e);
    return model;
  };
  for (const bool biased : {true, false}) {
    const ls::BprFactorizationSettings settings{.users = 30,
                                                .items = 20,
                                                .features = 6,
                                                .biased = biased,
                                                .rate = 0.2,
                                                .regularisation = 0.05,
                                                .fold_in_passes = 7,
                                                .seed = 3};
    const auto model = train(settings);
    const auto users_of = [&](const auto& of) {
      return numbers_of(of.fold_in_users(Space(), data.interactions.by_user()).view());
    };
    const auto items_of = [&](const auto& of) {
      return numbers_of(of.fold_in_items(Space(), data.interactions.by_item(), data.interactions).view());
    };
    // By the kernels, with the numbers of the settings.
    const Real rate = Real(0.2), regularisation = Real(0.05);
    const ls::Random random = ls::Random(3).stream("BprFactorization");
    ls::Tensor<Real, 2, Space> users(30, 6), items(20, 6);
    ls::Tensor<Real, 1, Space> biases(20);
    ls::fold_in_bpr<Real, Space>(
        Space(), {data.interactions.by_user(), random.stream("fold_in"), 6, 7, model.item_factors.view().data(),
                  model.item_bias.view().data(), rate, regularisation, users.data()});
    ls::fold_in_bpr_items<Real, Space>(
        Space(), {data.interactions.by_item(), data.interactions.by_user(), random.stream("fold_in_items"), 6, 7,
                  model.user_factors.view().data(), model.item_factors.view().data(), model.item_bias.view().data(),
                  rate, regularisation, items.data(), biased ? biases.data() : nullptr});
    Kokkos::fence();
    const auto joined = [&](const ls::Tensor<Real, 2, Space>& factors, const std::vector<double>& last) {
      const auto from = numbers_of(factors.view());
      std::vector<double> rows;
      for (std::size_t r = 0; r < last.size(); ++r) {
        rows.insert(rows.end(), from.begin() + static_cast<std::ptrdiff_t>(6 * r),
                    from.begin() + static_cast<std::ptrdiff_t>(6 * r + 6));
        if (biased) rows.push_back(last[r]);
      }
      return rows;
    };
    CHECK(users_of(model) == joined(users, std::vector<double>(30, 1)));
    CHECK(items_of(model) == joined(items, numbers_of(biases.view())));
    // No pass, nothing learned.
    auto idle = settings;
    idle.fold_in_passes = 0;
    const ls::Tensor<Real, 2, Space> zeros(30, 6);
    CHECK(users_of(train(idle)) == joined(zeros, std::vector<double>(30, 1)));
    CHECK(items_of(train(idle)) == joined(zeros, std::vector<double>(20, 0)));
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
  CHECK_THROWS_WITH_AS(model.fold_in_items(Space(), data.interactions.by_item(), data.interactions),
                       "BprFactorization: expected interactions of 9 users with 13 items, got 9 and 12",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(model.fold_in_items(Space(), data.interactions.by_user(), data.interactions),
                       "BprFactorization: expected interactions of 9 users, got 12", ls::ShapeError);
  Model wild({.users = 9, .items = 12, .rate = 1e20});
  CHECK_THROWS_WITH_AS(for (int e = 0; e < 20; ++e) wild.epoch(Space(), data.interactions, e),
                       doctest::Contains("lower the rate, which is 1e+20"), ls::DataError);
}

TEST_CASE_TEMPLATE(
    "BprFactorization: an epoch takes at most a tenth of the memory of factors and interactions beside them", Space,
    LONGSHORE_HOST_SPACES) {
  const auto matrix = test::random_sparse<float, Space>(ls::Random(3), 3000, 800, 0.02);
  const ls::Interactions<float, Space> train(matrix.rows());
  ls::BprFactorization<float, Space> model(
      {.users = 3000, .items = 800, .features = 32, .biased = true, .popularity_exponent = 1});
  CHECK(test::percent_beside(model, train) <= 10);
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
