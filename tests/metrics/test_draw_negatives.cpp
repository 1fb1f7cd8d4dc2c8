// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <longshore/core/error.hpp>
#include <longshore/metrics/draw_negatives.hpp>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

TEST_CASE("draw_negatives: different items, none that is excluded, all of them where all are wanted") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{5}, std::size_t{30}, std::size_t{90}}) {
    std::vector<bool> excluded(100);
    for (std::size_t i = 0; i < 10; ++i) excluded[i * 7] = true;
    Ids drawn(count);
    ls::draw_negatives(ls::Random(4), excluded, 90, drawn);
    std::ranges::sort(drawn);
    CHECK(std::ranges::adjacent_find(drawn) == drawn.end());
    for (const ls::Id item : drawn) {
      CHECK((item % 7 != 0 || item >= 70));
      CHECK(excluded[static_cast<std::size_t>(item)]);
    }
  }
}

TEST_CASE("draw_negatives: the same numbers give the same items, others give others") {
  const auto draw = [](const ls::Random& random, std::size_t count) {
    std::vector<bool> excluded(50);
    Ids drawn(count);
    ls::draw_negatives(random, excluded, 50, drawn);
    return drawn;
  };
  for (const std::size_t count : {std::size_t{10}, std::size_t{40}}) {
    CHECK(draw(ls::Random(4).at(3), count) == draw(ls::Random(4).at(3), count));
    CHECK(draw(ls::Random(4).at(3), count) != draw(ls::Random(4).at(2), count));
    CHECK(draw(ls::Random(4).at(3), count) != draw(ls::Random(5).at(3), count));
  }
}

TEST_CASE("draw_negatives: every free item is drawn equally often, by rejection and by shuffling") {
  for (const std::size_t count : {std::size_t{4}, std::size_t{8}}) {
    std::vector<int> times(12);
    const int rounds = 30000;
    for (int round = 0; round < rounds; ++round) {
      std::vector<bool> excluded(12);
      excluded[3] = excluded[11] = true;
      Ids drawn(count);
      ls::draw_negatives(ls::Random(9).at(static_cast<std::uint64_t>(round)), excluded, 10, drawn);
      for (const ls::Id item : drawn) ++times[static_cast<std::size_t>(item)];
    }
    const double share = static_cast<double>(count) / 10;
    const double deviation = std::sqrt(rounds * share * (1 - share));
    for (std::size_t i = 0; i < 12; ++i) {
      if (i == 3 || i == 11) {
        CHECK(times[i] == 0);
      } else {
        CHECK(std::abs(times[i] - rounds * share) < 5 * deviation);
      }
    }
  }
}

TEST_CASE("draw_negatives: P14, refuses to draw more than there is") {
  std::vector<bool> excluded{true, false, false};
  Ids drawn(3);
  CHECK_THROWS_WITH_AS(ls::draw_negatives(ls::Random(1), excluded, 2, drawn),
                       "draw_negatives: expected at least 3 items that are neither relevant nor removed, got 2",
                       ls::DataError);
}
