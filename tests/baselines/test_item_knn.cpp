// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <longshore/baselines/item_knn.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <set>
#include <stop_token>
#include <string>
#include <tests/support/error_text.hpp>
#include <tests/support/histories.hpp>
#include <thread>
#include <vector>

namespace ls = longshore;

namespace {

std::vector<std::vector<ls::Id>> random_users(std::uint64_t seed, std::size_t users, std::size_t longest,
                                              std::size_t items) {
  const ls::Random random(seed);
  std::vector<std::vector<ls::Id>> histories(users);
  std::uint64_t draw = 0;
  for (auto& history : histories)
    for (auto n = random.below(draw++, longest + 1); n > 0; --n) {
      const double share = random.uniform<double>(draw++);
      history.push_back(static_cast<ls::Id>(share * share * static_cast<double>(items)));  // low ids are popular
    }
  return histories;
}

}  // namespace

TEST_CASE("ItemKnn: similarities by hand, with and without shrinkage") {
  const auto train = histories_of({{0, 1, 1}, {0, 1}, {1, 2}, {0}});  // users of 0: 3, of 1: 3, of 2: 1, of 3: 0
  const ls::ItemKnn plain(train, 4, {.neighbours = 5, .shrinkage = 0});
  CHECK(plain.name() == "item-knn");
  REQUIRE(plain.neighbours(0).size() == 1);
  CHECK(plain.neighbours(0)[0].item == 1);
  CHECK(plain.neighbours(0)[0].similarity == doctest::Approx(2.0 / 3));
  REQUIRE(plain.neighbours(1).size() == 2);
  CHECK(plain.neighbours(1)[0].item == 0);
  CHECK(plain.neighbours(1)[1].similarity == doctest::Approx(1 / std::sqrt(3.0)));
  CHECK(plain.neighbours(3).empty());
  const ls::ItemKnn shrunk(train, 4, {.neighbours = 5, .shrinkage = 1});
  CHECK(shrunk.neighbours(0)[0].similarity == doctest::Approx(2.0 / 4));

  std::vector<float> scores(4, 9);
  plain.scores(std::vector<ls::Id>{0, 2, 0}, scores);
  CHECK(scores[0] == 0);
  CHECK(scores[1] == doctest::Approx(2.0 / 3 + 1 / std::sqrt(3.0)));
  CHECK(scores[2] == 0);
  plain.scores({}, scores);
  CHECK(scores == std::vector<float>(4, 0));
}

TEST_CASE("ItemKnn: random histories agree with all pairs counted, equal neighbours by the lowest id") {
  const std::size_t items = 25;
  for (const auto& settings : {ls::ItemKnnSettings{.neighbours = 3, .shrinkage = 0},
                               {.neighbours = 7, .shrinkage = 4},
                               {.neighbours = 100, .shrinkage = 0.5}}) {
    const auto users = random_users(3, 30, 12, items);
    std::vector<std::set<ls::Id>> sets;
    for (const auto& history : users) sets.emplace_back(history.begin(), history.end());
    const auto both = [&](ls::Id i, ls::Id j) {
      return static_cast<double>(
          std::ranges::count_if(sets, [&](const auto& own) { return own.contains(i) && own.contains(j); }));
    };
    const ls::ItemKnn knn(histories_of(users), static_cast<ls::Index>(items), settings);
    for (ls::Id j = 0; j < static_cast<ls::Id>(items); ++j) {
      std::vector<ls::ItemKnn::Neighbour> expected;
      for (ls::Id i = 0; i < static_cast<ls::Id>(items); ++i)
        if (i != j && both(i, j) > 0)
          expected.push_back(
              {i, static_cast<float>(both(i, j) / (std::sqrt(both(i, i) * both(j, j)) + settings.shrinkage))});
      std::ranges::stable_sort(expected, [](const auto& a, const auto& b) { return a.similarity > b.similarity; });
      if (expected.size() > static_cast<std::size_t>(settings.neighbours))
        expected.resize(static_cast<std::size_t>(settings.neighbours));
      const auto found = knn.neighbours(j);
      REQUIRE(found.size() == expected.size());
      for (std::size_t n = 0; n < expected.size(); ++n) {
        REQUIRE(found[n].item == expected[n].item);
        REQUIRE(found[n].similarity == expected[n].similarity);
      }
    }
  }
}

TEST_CASE("ItemKnn: P14, refuses wrong settings and unknown items, in words") {
  const auto train = histories_of({{0, 1}});
  CHECK_THROWS_WITH_AS(ls::ItemKnn(train, 2, {.neighbours = 0}), "ItemKnn: expected at least one neighbour, got 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::ItemKnn(train, 2, {.shrinkage = -1}), "ItemKnn: expected a shrinkage of at least 0, got -1",
                       ls::ShapeError);
  CHECK_THROWS_AS(ls::ItemKnn(train, 2, {.shrinkage = std::numeric_limits<double>::infinity()}), ls::ShapeError);
  CHECK_THROWS_AS(ls::ItemKnn(train, 1), ls::DataError);
  const ls::ItemKnn knn(train, 2);
  CHECK_THROWS_AS(knn.neighbours(2), ls::DataError);
  std::vector<float> scores(2), wrong(1);
  CHECK_THROWS_AS(knn.scores(std::vector<ls::Id>{-1}, scores), ls::DataError);
  CHECK_THROWS_AS(knn.scores({}, wrong), ls::ShapeError);
}

TEST_SUITE("slow") {
  TEST_CASE("ItemKnn: a million events take seconds") {
    const auto train = histories_of(random_users(8, 6000, 330, 4000));
    const auto begin = std::chrono::steady_clock::now();
    const ls::ItemKnn knn(train, 4000);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    MESSAGE(train.size(), " events in ", passed.count(), " s");
    CHECK(train.size() > 900000);
    CHECK(knn.neighbours(0).size() == 100);
  }
}

TEST_CASE("ItemKnn: a stop gives the neighbours up before the next item") {
  const auto train = histories_of({{0, 1}, {1, 2}});
  std::stop_source stop;
  const ls::ItemKnnSettings settings{.stop = stop.get_token()};
  CHECK(ls::ItemKnn(train, 3, settings).neighbours(1).size() == 2);
  stop.request_stop();
  CHECK_THROWS_WITH_AS(ls::ItemKnn(train, 3, settings), "ItemKnn: stopped before item 0 of 3", ls::Interrupted);
}

TEST_CASE("ItemKnn: a stop that comes while neighbours are counted is heeded") {
  const auto train = histories_of(random_users(1, 3000, 200, 2000));
  std::string text;
  for (int attempt = 0; attempt < 100 && text.empty();
       ++attempt) {  // until the stop comes neither too early nor too late
    std::stop_source stop;
    std::jthread later([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(1 + attempt * attempt / 4));
      stop.request_stop();
    });
    const auto refusal =
        test::error_text<ls::Interrupted>([&] { ls::ItemKnn(train, 2000, {.stop = stop.get_token()}); });
    if (refusal != "nothing was thrown" && !test::has(refusal, "item 0 of")) text = refusal;
  }
  CHECK(text.starts_with("ItemKnn: stopped before item "));
}
