// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <longshore/baselines/first_order_markov.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <tests/support/histories.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("FirstOrderMarkov: counts what follows, and backs off to a share below 1") {
  // events: 0 three times, 1 twice, 2 twice, 3 never; 0 -> 1 twice, 1 -> 2, 2 -> 0
  const ls::FirstOrderMarkov markov(histories_of({{0, 1, 2, 0, 1}, {2}, {0}}), 4);
  CHECK(markov.name() == "markov");
  CHECK(markov.transitions() == 3);
  std::vector<float> scores(4);
  markov.scores(std::vector<ls::Id>{3, 0}, scores);
  CHECK(scores == std::vector<float>{0.75F, 2.5F, 0.5F, 0});
  markov.scores(std::vector<ls::Id>{0, 1}, scores);
  CHECK(scores == std::vector<float>{0.75F, 0.5F, 1.5F, 0});
  markov.scores(std::vector<ls::Id>{3}, scores);  // was never followed
  CHECK(scores == std::vector<float>{0.75F, 0.5F, 0.5F, 0});
  markov.scores({}, scores);
  CHECK(scores == std::vector<float>{0.75F, 0.5F, 0.5F, 0});
}

TEST_CASE("FirstOrderMarkov: random histories agree with a full table of counts") {
  const ls::Random random(17);
  const std::size_t items = 12;
  std::vector<std::vector<ls::Id>> users;
  std::vector<std::vector<double>> table(items, std::vector<double>(items));
  std::vector<double> counts(items);
  std::uint64_t draw = 0;
  for (int u = 0; u < 40; ++u) {
    users.emplace_back();
    for (auto n = random.below(draw++, 9); n > 0; --n)
      users.back().push_back(static_cast<ls::Id>(random.below(draw++, items)));
    for (std::size_t n = 0; n < users.back().size(); ++n) {
      const auto item = static_cast<std::size_t>(users.back()[n]);
      ++counts[item];
      if (n > 0) ++table[static_cast<std::size_t>(users.back()[n - 1])][item];
    }
  }
  const ls::FirstOrderMarkov markov(histories_of(users), static_cast<ls::Index>(items));
  const double most = *std::max_element(counts.begin(), counts.end());
  std::vector<float> scores(items);
  for (std::size_t last = 0; last < items; ++last) {
    markov.scores(std::vector<ls::Id>{static_cast<ls::Id>(last)}, scores);
    for (std::size_t i = 0; i < items; ++i)
      REQUIRE(scores[i] == static_cast<float>(table[last][i] + counts[i] / (most + 1)));
  }
}

TEST_CASE("FirstOrderMarkov: no training at all, and P14 refusals") {
  const ls::FirstOrderMarkov empty(ls::Histories{}, 2);
  std::vector<float> scores(2, 9), wrong(3);
  empty.scores(std::vector<ls::Id>{1}, scores);
  CHECK(scores == std::vector<float>{0, 0});
  CHECK_THROWS_AS(empty.scores(std::vector<ls::Id>{2}, scores), ls::DataError);
  CHECK_THROWS_AS(empty.scores({}, wrong), ls::ShapeError);
  CHECK_THROWS_AS(ls::FirstOrderMarkov(histories_of({{-1}}), 2), ls::DataError);
  CHECK_THROWS_AS(ls::FirstOrderMarkov(ls::Histories{}, 0), ls::ShapeError);
}
