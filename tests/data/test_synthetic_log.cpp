// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <longshore/data/synthetic_log.hpp>
#include <longshore/io/crc32c.hpp>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace ls = longshore;

TEST_CASE("the same settings give the same log, another seed another one") {
  const ls::SyntheticLogSettings small{.users = 50, .items = 300, .categories = 6, .events = 1500};
  auto other = small;
  other.seed = 2;
  const ls::SyntheticLog a(small), b(small), c(other);
  CHECK(a.log().items == b.log().items);
  CHECK(a.log().times == b.log().times);
  CHECK(a.log().items != c.log().items);
  CHECK(static_cast<double>(a.log().size()) == doctest::Approx(1500).epsilon(0.15));
  CHECK(a.log().item_names.size() == 300);
  CHECK(a.log().item_categories[6] == a.log().item_categories[0]);
}

TEST_CASE("a user's times ascend and items do not repeat") {
  const ls::SyntheticLog synthetic({.users = 50, .items = 300, .categories = 6, .events = 1500});
  const auto& log = synthetic.log();
  std::set<std::pair<ls::Id, ls::Id>> seen;
  for (std::size_t row = 0; row < log.size(); ++row) {
    CHECK(seen.emplace(log.users(row), log.items(row)).second);
    if (row > 0 && log.users(row) == log.users(row - 1)) REQUIRE(log.times(row) > log.times(row - 1));
  }
}

TEST_CASE("tastes sum to one and halve; the oracle's probabilities sum to one and fit what happens") {
  const ls::SyntheticLog synthetic(
      {.users = 400, .items = 600, .categories = 10, .events = 40'000, .tastes = 3, .skew = 0.5});
  const auto& log = synthetic.log();
  for (ls::Id user = 0; user < 400; ++user) {
    double sum = 0;
    int favourites = 0;
    for (const double share : synthetic.taste(user)) sum += share, favourites += share > 0;
    REQUIRE(sum == doctest::Approx(1));
    REQUIRE(favourites == 3);
  }
  // The mean log-likelihood of the events under the oracle is higher than under one that has seen the state of
  // another event. Likely items happen less often than predicted: those that a user had are left out.
  std::vector<float> scores(600);
  double total = 0, own = 0, foreign = 0, predicted = 0, happened = 0;
  for (std::size_t row = 0; row + 1 < log.size(); row += 7) {
    synthetic.oracle(row, scores);
    total = 0;
    for (const float p : scores) total += static_cast<double>(p);
    REQUIRE(total == doctest::Approx(1).epsilon(1e-4));
    const auto item = static_cast<std::size_t>(log.items(row));
    own += std::log(static_cast<double>(scores[item]));
    for (std::size_t i = 0; i < scores.size(); ++i)
      if (scores[i] > 0.02f) predicted += static_cast<double>(scores[i]), happened += i == item;
    synthetic.oracle((row * 31 + 1000) % log.size(), scores);
    foreign += std::log(static_cast<double>(scores[item]));
  }
  CHECK(own > foreign + 1000);
  CHECK(happened < predicted);
  CHECK(happened > 0.4 * predicted);
}

TEST_CASE("where items hardly ever repeat, categories and items are drawn as often as the oracle says") {
  const ls::Index categories = 6;
  const ls::SyntheticLog synthetic(
      {.users = 4000, .items = 6000, .categories = categories, .events = 40'000, .drift = 0.3, .skew = 0.3});
  const auto& log = synthetic.log();
  struct Tally {
    double predicted = 0, variance = 0, happened = 0;
    void add(double probability, bool it_did) {
      predicted += probability, variance += probability * (1 - probability), happened += it_did;
    }
  };
  // Of all categories (-1) and of each by the probability: a favourite, the second one or neither; a session begins, or
  // the intent before was this one, or another. Of items by their popularity.
  std::map<std::pair<ls::Index, long>, Tally> of_category;
  std::array<Tally, 3> of_rank;
  std::vector<float> scores(6000);
  for (std::size_t row = 0; row < log.size(); ++row) {
    synthetic.oracle(row, scores);
    std::vector<double> categories_drawn(static_cast<std::size_t>(categories));
    std::array<double, 3> ranks_drawn{};
    const auto rank_of = [&](ls::Id item) -> std::size_t {
      return item < 10 * categories ? 0 : item < 100 * categories ? 1 : 2;
    };
    for (ls::Id item = 0; item < 6000; ++item) {
      const auto probability = static_cast<double>(scores[static_cast<std::size_t>(item)]);
      categories_drawn[static_cast<std::size_t>(synthetic.category_of(item))] += probability;
      ranks_drawn[rank_of(item)] += probability;
    }
    const ls::Id item = log.items(row);
    for (ls::Index c = 0; c < categories; ++c) {
      const double probability = categories_drawn[static_cast<std::size_t>(c)];
      for (const ls::Index which : {-1, c})
        of_category[{which, std::lround(1000 * probability)}].add(probability, synthetic.category_of(item) == c);
    }
    for (std::size_t rank = 0; rank < 3; ++rank) of_rank[rank].add(ranks_drawn[rank], rank_of(item) == rank);
  }
  const auto check = [](const Tally& tally, double least, double deviations) {
    CHECK(tally.predicted > least);
    CHECK(std::abs(tally.happened - tally.predicted) < deviations * std::sqrt(tally.variance));
  };
  CHECK(of_category.size() == 9 * 7);
  for (const auto& [where, tally] : of_category) {
    CAPTURE(where.first);
    CAPTURE(where.second);
    where.first < 0 ? check(tally, 700, 3) : check(tally, 200, 4);
  }
  for (const Tally& tally : of_rank) check(tally, 700, 3);
}

TEST_CASE("the default log is the one of published figures") {
  const ls::SyntheticLog synthetic;
  const ls::InteractionLog& log = synthetic.log();
  CHECK(log.size() == 120167);
  CHECK(ls::crc32c(std::as_bytes(std::span(log.items.data(), log.size()))) == 0x72eb77af);
  CHECK(ls::crc32c(std::as_bytes(std::span(log.times.data(), log.size()))) == 0x3f6404ca);
}

TEST_CASE("a user who had all that can be drawn gets something of the rest, and nothing twice") {
  const auto infinity = std::numeric_limits<double>::infinity();
  // Of 6 items in two favourite categories users have up to 15; then popularity leaves no chance to most items.
  for (const ls::SyntheticLogSettings& settings :
       {ls::SyntheticLogSettings{
            .users = 20, .items = 60, .categories = 20, .events = 200, .taste_share = 1, .intent_share = 0},
        ls::SyntheticLogSettings{
            .users = 20, .items = 60, .categories = 2, .events = 200, .intent_share = 0.4, .skew = 20},
        ls::SyntheticLogSettings{.users = 20, .items = 60, .categories = 2, .events = 200, .skew = infinity}}) {
    const ls::SyntheticLog synthetic(settings);
    const auto& log = synthetic.log();
    std::set<std::pair<ls::Id, ls::Id>> seen;
    int liked = 0;
    for (std::size_t row = 0; row < log.size(); ++row) {
      CHECK(seen.emplace(log.users(row), log.items(row)).second);
      liked += synthetic.taste(log.users(row))[static_cast<std::size_t>(synthetic.category_of(log.items(row)))] > 0;
    }
    if (settings.taste_share == 1) {
      CHECK(liked >= 20 * 5);  // the shortest users have 5 events, and all have at least those of their tastes
      CHECK(liked <= 20 * 6);
    }
  }
}

TEST_CASE("P11: users and items that the log does not have are refused") {
  const ls::SyntheticLog synthetic({.users = 10, .items = 100, .events = 100});
  CHECK_THROWS_WITH_AS(synthetic.taste(10), "SyntheticLog::taste: user 10 is outside the 10 users", ls::DataError);
  CHECK_THROWS_AS(synthetic.taste(-1), ls::DataError);
  CHECK_THROWS_WITH_AS(synthetic.category_of(-1), "SyntheticLog::category_of: item -1 is outside the catalogue of 100",
                       ls::DataError);
  CHECK(synthetic.category_of(99) == 19);
}

TEST_CASE("P14: settings and scores that do not fit are refused") {
  CHECK_THROWS_WITH_AS(ls::SyntheticLog({.skew = -1}), "SyntheticLog: skew is at least 0, it is -1", ls::ShapeError);
  const ls::SyntheticLog synthetic({.users = 10, .items = 100, .events = 100});
  std::vector<float> scores(99);
  CHECK_THROWS_WITH_AS(synthetic.oracle(0, scores), "SyntheticLog::oracle: 99 scores for 100 items", ls::ShapeError);
  CHECK_THROWS_AS(synthetic.oracle(1'000'000, scores), ls::DataError);
}
