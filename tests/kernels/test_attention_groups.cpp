// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/attention_groups.hpp>
#include <vector>

#include "../support/window_list.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {

bool same(const ls::AttentionItem& a, const ls::AttentionItem& b) {
  return a.window == b.window && a.candidate == b.candidate;
}

}  // namespace

TEST_CASE("attention_groups: together they hold every item once, in order, and windows whole where that is wanted") {
  for (int shape = 0; shape < 20; ++shape)
    for (const ls::Index candidates : {1, 3, 40})
      for (const bool whole : {false, true}) {
        CAPTURE(shape);
        const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
        const PlacedWindows<Space> placed(list);
        const ls::AttentionGroups<Space> groups(placed.windows(), candidates, whole, 7, 9);
        CHECK(groups.count >= 1);
        CHECK(groups.count <= 9);
        std::int64_t position = 0;
        ls::AttentionItem expected{0, 0};
        for (ls::Index g = 0; g < groups.count; ++g) {
          auto item = groups.first(g);
          REQUIRE(same(item, expected));
          if (whole) CHECK(item.candidate == 0);
          for (; item.before(groups.first(g + 1)); item = groups.next(item)) {
            REQUIRE(groups.start(item) == position);
            position += groups.length(item);
          }
          expected = item;
        }
        CHECK(same(expected, {placed.windows().count(), 0}));
        CHECK(position == groups.positions());
      }
}

TEST_CASE("attention_groups: groups hold about equally many rows, however the windows differ") {
  WindowList list;
  for (ls::Index w = 0; w < 100; ++w) {
    list.begin.push_back(list.steps);
    list.steps += w % 10 == 0 ? 50 : 1;
    list.end.push_back(list.steps);
  }
  const PlacedWindows<Space> placed(list);
  const ls::AttentionGroups<Space> groups(placed.windows(), 4, false, 100, 64);
  CHECK(groups.count == (4 * list.steps + 99) / 100);
  for (ls::Index g = 0; g + 1 < groups.count; ++g) {
    const auto rows = groups.start(groups.first(g + 1)) - groups.start(groups.first(g));
    CHECK(rows >= 50);
    CHECK(rows <= 150);
  }
}

TEST_CASE("attention_groups: without candidates there are no items") {
  const PlacedWindows<Space> placed({{0}, {3}, 3});
  const ls::AttentionGroups<Space> groups(placed.windows(), 0, true, 10, 4);
  CHECK(groups.count == 1);
  CHECK_FALSE(groups.first(0).before(groups.first(1)));
}
