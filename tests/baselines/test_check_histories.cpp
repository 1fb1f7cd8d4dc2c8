// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/baselines/check_histories.hpp>
#include <longshore/core/error.hpp>
#include <tests/support/histories.hpp>

namespace ls = longshore;

TEST_CASE("check_histories: P14, takes no users and users without events, refuses what cannot be counted") {
  CHECK_NOTHROW(ls::check_histories("f", ls::Histories{}, 1));
  CHECK_NOTHROW(ls::check_histories("f", histories_of({{}, {0, 1}}), 2));
  CHECK_THROWS_WITH_AS(ls::check_histories("f", ls::Histories{}, 0),
                       "f: expected a catalogue of at least one item, got 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_histories("f", histories_of({{0, 2}}), 2),
                       "f: the catalogue has 2 items, and the histories have the id 2 at position 1", ls::DataError);
  auto broken = histories_of({{0}, {1}});
  broken.offsets.pop_back();
  CHECK_THROWS_AS(ls::check_histories("f", broken, 2), ls::ShapeError);
}
