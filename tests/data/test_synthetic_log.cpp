// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/data/synthetic_log.hpp>
#include <set>
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
  // The mean log-likelihood of the events under the oracle is higher than under one that has seen another event's state, and the
  // events of each predicted probability happen about as often as predicted (repeats being left out changes it a little).
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

TEST_CASE("P14: settings out of range are refused") {
  const auto make = [](ls::SyntheticLogSettings settings) { return ls::SyntheticLog(settings); };
  CHECK_THROWS_WITH_AS(make({.users = 0}),
                       "SyntheticLog: users, items and events are at least 1, they are 0, 600 and 120000",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(make({.items = 100, .categories = 200}), "SyntheticLog: categories is 1 to 100, it is 200",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(make({.session_length = 0.5}), "SyntheticLog: session_length is at least 1, it is 0.5",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(make({.skew = -1}), "SyntheticLog: skew is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(make({.tastes = 30}), "SyntheticLog: tastes is 1 to 20, it is 30", ls::ShapeError);
  CHECK_THROWS_WITH_AS(make({.drift = 1.5}), "SyntheticLog: drift is 0 to 1, it is 1.5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      make({.taste_share = 0.7, .intent_share = 0.7}),
      "SyntheticLog: the shares of taste and intent are at least 0 and at most 1 together, they are 0.7 and 0.7",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(make({.users = 10, .items = 100, .events = 1000}),
                       "SyntheticLog: 100 events a user need at least three times as many items, there are 100",
                       ls::ShapeError);
  const ls::SyntheticLog synthetic({.users = 10, .items = 100, .events = 100});
  std::vector<float> scores(99);
  CHECK_THROWS_WITH_AS(synthetic.oracle(0, scores), "SyntheticLog::oracle: 99 scores for 100 items", ls::ShapeError);
  CHECK_THROWS_AS(synthetic.oracle(1'000'000, scores), ls::DataError);
}
