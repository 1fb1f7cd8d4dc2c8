// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <map>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/filter_values.hpp>
#include <longshore/data/k_core.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;

namespace {

// The same by its definition: remove, count again, until nothing changes.
Events core_of(Events events, ls::Id user_events, ls::Id item_events) {
  for (std::size_t before = events.size() + 1; before != events.size();) {
    before = events.size();
    std::map<std::string, ls::Id> users, items;
    for (const test::Event& event : events) ++users[event.user], ++items[event.item];
    std::erase_if(events, [&](const test::Event& event) {
      return users[event.user] < user_events || items[event.item] < item_events;
    });
  }
  return events;
}

}  // namespace

TEST_CASE("k_core: a removal that makes others fall below goes on until all have enough") {
  // c-z falls, then y has one event left and falls, then b has one and falls; a and x keep each other.
  const ls::InteractionLog log =
      test::log_of({{"a", "x"}, {"b", "x"}, {"b", "y"}, {"c", "y"}, {"a", "x"}, {"a", "w"}, {"a", "w"}});
  const ls::InteractionLog core = ls::k_core(log, {.user_events = 2, .item_events = 2});
  CHECK(test::events_of(core) == Events{{"a", "x"}, {"a", "x"}, {"a", "w"}, {"a", "w"}});
  CHECK(core.user_count() == 1);
  CHECK(core.item_count() == 2);
  CHECK(ls::k_core(log, {.user_events = 2, .item_events = 2, .ids = ls::Ids::keep}).user_count() == 3);
  CHECK(ls::k_core(log, {.user_events = 0, .item_events = 1}).size() == 7);
}

TEST_CASE("k_core: agrees with repeated counting on random logs") {
  std::size_t removed = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const ls::InteractionLog log = test::random_log(seed, 300, 40 + seed, 60 + seed);
    for (const ls::Id users : {1, 3, 5})
      for (const ls::Id items : {0, 2, 4}) {
        const Events expected = core_of(test::events_of(log), users, items);
        removed += log.size() - expected.size();
        if (expected.empty()) {
          CHECK_THROWS_AS(ls::k_core(log, {.user_events = users, .item_events = items}), ls::DataError);
        } else {
          const ls::InteractionLog core = ls::k_core(log, {.user_events = users, .item_events = items});
          REQUIRE(test::events_of(core) == expected);
          for (ls::Id item = 0; item < core.item_count(); ++item)
            REQUIRE(core.item_names[static_cast<std::size_t>(item)] == "name of " + core.item_ids.key(item));
        }
      }
  }
  CHECK(removed > 1000);
}

TEST_CASE("k_core: P14, negative sizes and empty results are refused") {
  const ls::InteractionLog log = test::log_of({{"a", "x"}});
  CHECK(test::error_text<ls::ShapeError>([&] { ls::k_core(log, {.user_events = -1, .item_events = 2}); }) ==
        "k_core: expected sizes of at least 0, got user_events -1 and item_events 2");
  CHECK(test::error_text<ls::DataError>([&] { ls::k_core(log); }) ==
        "k_core: nothing is left of 1 events when each user needs 5 and each item 5");
}
