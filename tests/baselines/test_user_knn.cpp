// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <longshore/baselines/user_knn.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <set>
#include <tests/support/histories.hpp>
#include <utility>
#include <vector>

namespace ls = longshore;

TEST_CASE("UserKnn: scores by hand") {
  const ls::UserKnn knn(histories_of({{0, 1}, {0, 2, 2}, {3}}), 4, {.neighbours = 1, .shrinkage = 1});
  CHECK(knn.name() == "user-knn");
  CHECK(knn.items() == 4);
  std::vector<float> scores(4, 9);
  knn.scores(std::vector<ls::Id>{0, 0}, scores);  // users 0 and 1 are equally near: the lowest id
  const auto near = static_cast<float>(1 / (std::sqrt(2.0) + 1));
  CHECK(scores == std::vector<float>{near, near, 0, 0});
  knn.scores({}, scores);
  CHECK(scores == std::vector<float>(4, 0));
}

TEST_CASE("UserKnn: random histories agree with all pairs of users compared") {
  const ls::Random random(23);
  std::vector<std::vector<ls::Id>> users(40);
  std::uint64_t draw = 0;
  for (auto& history : users)
    for (auto n = random.below(draw++, 10); n > 0; --n)
      history.push_back(static_cast<ls::Id>(random.below(draw++, 20)));
  const ls::UserKnnSettings settings{.neighbours = 6, .shrinkage = 2};
  const ls::UserKnn knn(histories_of(users), 20, settings);
  for (const auto& history : users) {
    const std::set<ls::Id> own(history.begin(), history.end());
    std::vector<std::pair<double, std::set<ls::Id>>> others;
    for (const auto& other : users) {
      const std::set<ls::Id> items(other.begin(), other.end());
      const auto both = std::ranges::count_if(own, [&](ls::Id item) { return items.contains(item); });
      if (both > 0)
        others.emplace_back(static_cast<double>(both) /
                                (std::sqrt(static_cast<double>(own.size() * items.size())) + settings.shrinkage),
                            items);
    }
    std::ranges::stable_sort(others, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<double> expected(20);
    for (std::size_t n = 0; n < std::min<std::size_t>(6, others.size()); ++n)
      for (const ls::Id item : others[n].second) expected[static_cast<std::size_t>(item)] += others[n].first;
    std::vector<float> scores(20, 9);
    knn.scores(history, scores);
    for (std::size_t i = 0; i < 20; ++i) REQUIRE(scores[i] == doctest::Approx(expected[i]).epsilon(1e-6));
  }
}

TEST_CASE("UserKnn: P14, refuses wrong settings and unknown items, in words") {
  const auto train = histories_of({{0, 1}});
  CHECK_THROWS_WITH_AS(ls::UserKnn(train, 2, {.neighbours = 0}), "UserKnn: expected at least one neighbour, got 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::UserKnn(train, 2, {.shrinkage = -1}), "UserKnn: expected a shrinkage of at least 0, got -1",
                       ls::ShapeError);
  CHECK_THROWS_AS(ls::UserKnn(train, 1), ls::DataError);
  const ls::UserKnn knn(train, 2);
  std::vector<float> scores(2), wrong(1);
  CHECK_THROWS_AS(knn.scores(std::vector<ls::Id>{2}, scores), ls::DataError);
  CHECK_THROWS_AS(knn.scores({}, wrong), ls::ShapeError);
}
