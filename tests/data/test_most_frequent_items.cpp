// SPDX-License-Identifier: Apache-2.0
#include <longshore/data/most_frequent_items.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <longshore/core/random.hpp>
#include <map>
#include <utility>
#include <vector>

#include "../support/count_allocations.hpp"

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

namespace {

Ids found(const Ids& items, ls::Index count) {
  ls::MostFrequentItems frequent;
  frequent.find(items, count);
  return {frequent.items().begin(), frequent.items().end()};
}

}  // namespace

TEST_CASE("the most frequent items are found, and of equally frequent ones the more recent") {
  const Ids items{5, 7, 9, 7, 5, 7, 3};
  CHECK(found(items, 1) == Ids{7});
  CHECK(found(items, 2) == Ids{5, 7});
  CHECK(found(items, 3) == Ids{3, 5, 7});
  CHECK(found(items, 4) == Ids{3, 5, 7, 9});
  ls::MostFrequentItems frequent;
  frequent.find(items, 2);
  CHECK(frequent.has(5));
  CHECK(frequent.has(7));
  CHECK_FALSE(frequent.has(3));
  CHECK_FALSE(frequent.has(6));
}

TEST_CASE("at most as many as there are, none if none are wanted or nothing happened") {
  CHECK(found(Ids{2, 1}, 10) == Ids{1, 2});
  CHECK(found(Ids{2, 1}, 0).empty());
  CHECK(found(Ids{}, 3).empty());
}

TEST_CASE("runs of any length give what counting gives, and later ones allocate nothing") {
  const ls::Random random(6);
  ls::MostFrequentItems frequent;
  std::uint64_t next = 0;
  for (int run = 0; run < 200; ++run) {
    Ids items(run == 0 ? 300 : random.below(next++, 300));
    for (ls::Id& item : items) item = static_cast<ls::Id>(random.below(next++, 40));
    const auto count = run == 0 ? 50 : static_cast<ls::Index>(random.below(next++, 50));
    const auto before = count_allocations();
    frequent.find(items, count);
    if (run > 0) REQUIRE(count_allocations() == before);

    std::map<ls::Id, std::pair<int, std::size_t>> seen;  // times, latest
    for (std::size_t position = 0; position < items.size(); ++position)
      seen[items[position]] = {seen[items[position]].first + 1, position};
    std::vector<std::pair<std::pair<int, std::size_t>, ls::Id>> order;
    for (const auto& [item, rank] : seen) order.push_back({rank, item});
    std::sort(order.rbegin(), order.rend());
    Ids expected;
    for (std::size_t k = 0; k < order.size() && k < static_cast<std::size_t>(count); ++k)
      expected.push_back(order[k].second);
    std::sort(expected.begin(), expected.end());
    REQUIRE(Ids(frequent.items().begin(), frequent.items().end()) == expected);
  }
}
