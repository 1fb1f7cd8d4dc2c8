// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <limits>

#include <longshore/data/synthetic_log_settings.hpp>

namespace ls = longshore;

TEST_CASE("P14: settings out of range are refused") {
  const auto make = [](const ls::SyntheticLogSettings& settings) { settings.check("SyntheticLog"); };
  make({});
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
  make({.users = 2, .items = 600, .events = 400});
  CHECK_THROWS_WITH_AS(make({.users = 2, .items = 600, .events = 401}),
                       "SyntheticLog: 201 events a user need at least three times as many items, there are 600",
                       ls::ShapeError);
  CHECK_THROWS_AS(make({.users = 2, .items = 599, .events = 400}), ls::ShapeError);
  CHECK_THROWS_AS(make({.users = 1, .events = std::numeric_limits<std::int64_t>::max()}), ls::ShapeError);
}
