// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/top_items.hpp>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

namespace {

Ids top(const std::vector<float>& scores, const Ids& removed, std::size_t length) {
  Ids list(length, 99);
  ls::top_items(scores, removed, list);
  return list;
}

}  // namespace

TEST_CASE("top_items: the best first, equal ones by the lowest id, empty places at the end") {
  const std::vector<float> scores{1, 3, 2, 3, 2};
  CHECK(top(scores, {}, 3) == Ids{1, 3, 2});
  CHECK(top(scores, {}, 5) == Ids{1, 3, 2, 4, 0});
  CHECK(top(scores, {1, 2, 1}, 3) == Ids{3, 4, 0});
  CHECK(top(scores, {0, 1, 2, 3}, 3) == Ids{4, -1, -1});
  CHECK(top(scores, {}, 0) == Ids{});
  CHECK(top({}, {}, 2) == Ids{-1, -1});
}

TEST_CASE("top_items: P3, 10,000 random lists full of ties are those of a stable sort") {
  const ls::Random random(8);
  std::uint64_t draw = 0;
  int different = 0;
  for (int row = 0; row < 10000; ++row) {
    const std::size_t items = 1 + random.below(draw++, 40);
    std::vector<float> scores(items);
    for (float& score : scores) score = static_cast<float>(random.below(draw++, 6)) - 3;
    Ids removed;
    for (std::size_t i = random.below(draw++, 5); i > 0; --i)
      removed.push_back(static_cast<ls::Id>(random.below(draw++, items)));
    Ids expected;
    for (ls::Id item = 0; item < static_cast<ls::Id>(items); ++item)
      if (std::ranges::find(removed, item) == removed.end()) expected.push_back(item);
    std::ranges::stable_sort(expected, [&](ls::Id a, ls::Id b) {
      return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
    });
    expected.resize(7, -1);
    different += top(scores, removed, 7) != expected;
  }
  CHECK(different == 0);
}

TEST_CASE("top_items: P14, refuses NaN and unknown items") {
  CHECK_THROWS_WITH_AS(top({1, std::numeric_limits<float>::quiet_NaN()}, {}, 1),
                       "top_items: expected scores that are numbers, the score of item 1 is NaN", ls::DataError);
  CHECK_THROWS_WITH_AS(top({1, 2}, {2}, 1),
                       "top_items: the catalogue has 2 items, and the removed items have the id 2 at position 0",
                       ls::DataError);
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(top({-infinity, 0, infinity}, {}, 3) == Ids{2, 1, 0});
}
