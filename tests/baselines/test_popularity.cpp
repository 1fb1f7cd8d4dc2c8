// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/baselines/popularity.hpp>
#include <longshore/core/error.hpp>
#include <tests/support/histories.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("Popularity: counts events, the same for everybody") {
  const ls::Popularity popularity(histories_of({{0, 1, 1}, {}, {1}}), 4);
  CHECK(popularity.items() == 4);
  CHECK(popularity.name() == "popularity");
  CHECK(std::vector<std::size_t>(popularity.counts().begin(), popularity.counts().end()) ==
        std::vector<std::size_t>{1, 3, 0, 0});
  std::vector<float> scores(4, -1);
  popularity.scores({}, scores);
  CHECK(scores == std::vector<float>{1, 3, 0, 0});
  popularity.scores(std::vector<ls::Id>{1, 3}, scores);
  CHECK(scores == std::vector<float>{1, 3, 0, 0});
}

TEST_CASE("Popularity: P14, refuses what is outside the catalogue") {
  CHECK_THROWS_WITH_AS(ls::Popularity(histories_of({{0, 9}}), 4),
                       "Popularity: the catalogue has 4 items, and the histories have the id 9 at position 1",
                       ls::DataError);
  const ls::Popularity popularity(histories_of({{0}}), 4);
  std::vector<float> scores(4), wrong(3);
  CHECK_THROWS_AS(popularity.scores(std::vector<ls::Id>{-1}, scores), ls::DataError);
  CHECK_THROWS_AS(popularity.scores({}, wrong), ls::ShapeError);
}
