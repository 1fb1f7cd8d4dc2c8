// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/popularity_lift.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("popularity_lift: lists against histories, by hand") {
  const std::vector<std::size_t> counts{10, 6, 2};
  const std::vector<ls::Id> history{1, 2, 2};
  const std::vector<std::size_t> offsets{0, 2, 3, 3};  // mean counts 4 and 2; the last row has none
  // lists: 10, 8 and 6: mean 8, against 3
  CHECK(ls::popularity_lift({{0, -1}, {0, 1}, {1, -1}}, history, offsets, counts) ==
        doctest::Approx(5.0 / 3).epsilon(1e-15));
  const std::vector<std::size_t> same{0, 3};
  CHECK(ls::popularity_lift({{1, 2, 2}}, history, same, counts) == 0);
}

TEST_CASE("popularity_lift: P14, refuses what does not fit") {
  const std::vector<std::size_t> counts{10, 0}, offsets{0, 1}, wrong{0, 9, 1};
  const std::vector<ls::Id> unseen{1}, unknown{2};
  CHECK_THROWS_WITH_AS(ls::popularity_lift({{0}}, unseen, offsets, counts),
                       "popularity_lift: expected a history with a counted item, got none", ls::DataError);
  CHECK_THROWS_AS(ls::popularity_lift({{0}}, unknown, offsets, counts), ls::DataError);
  CHECK_THROWS_WITH_AS(ls::popularity_lift({{0}, {0}}, unseen, offsets, counts),
                       "popularity_lift: expected 3 history_offsets for 2 lists, got 2", ls::ShapeError);
  CHECK_THROWS_AS(ls::popularity_lift({{0}, {0}}, unseen, wrong, counts), ls::ShapeError);
}
