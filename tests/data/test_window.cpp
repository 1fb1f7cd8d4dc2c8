// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <limits>

#include <longshore/data/window.hpp>
#include <vector>

namespace ls = longshore;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("a window holds the last steps, those within a time, and those since the last pause, by hand") {
  const std::vector<ls::Seconds> times{0, 100, 5000, 5100, 5200};
  CHECK(ls::Window{}.begin(times, 5300) == 0);
  CHECK(ls::Window{.last = 2}.begin(times, 5300) == 3);
  CHECK(ls::Window{.last = 9}.begin(times, 5300) == 0);
  CHECK(ls::Window{.within = seconds(300)}.begin(times, 5300) == 2);
  CHECK(ls::Window{.within = seconds(299)}.begin(times, 5300) == 3);
  CHECK(ls::Window{.session_gap = minutes(30)}.begin(times, 5300) == 2);
  CHECK(ls::Window{.session_gap = seconds(100)}.begin(times, 5300) == 2);
  CHECK(ls::Window{.session_gap = seconds(99)}.begin(times, 5300) == 5);
  // The pause before the moment counts: a new session has an empty window.
  CHECK(ls::Window{.session_gap = minutes(30)}.begin(times, 20000) == 5);
}

TEST_CASE("all conditions must hold") {
  const std::vector<ls::Seconds> times{0, 10, 20, 30, 40};
  CHECK(ls::Window{.last = 3, .within = seconds(100)}.begin(times, 50) == 2);
  CHECK(ls::Window{.last = 5, .within = seconds(15)}.begin(times, 50) == 4);
  CHECK(ls::Window{.last = 1, .session_gap = seconds(60)}.begin(times, 50) == 4);
  CHECK(ls::Window{.last = 3}.begin({}, 50) == 0);
}

TEST_CASE("P10: windows of stamps as far apart as stamps can be") {
  constexpr ls::Seconds first = std::numeric_limits<ls::Seconds>::min(), last = std::numeric_limits<ls::Seconds>::max();
  const std::vector<ls::Seconds> times{first, first + 1, -1, last - 1, last};
  CHECK(ls::Window{.session_gap = minutes(30)}.begin(times, last) == 3);
  CHECK(ls::Window{.within = minutes(30)}.begin(times, last) == 3);
  CHECK(ls::Window{.session_gap = seconds(last)}.begin(times, last) == 0);  // no two neighbours are further apart
  CHECK(ls::Window{.within = seconds(last)}.begin(times, last) == 3);       // 2^63 s from -1
  const std::vector<ls::Seconds> early{first, first + 5};
  CHECK(ls::Window{.within = minutes(30)}.begin(early, first + 6) == 0);
  CHECK(ls::Window{.within = seconds(3)}.begin(early, first + 6) == 1);
  CHECK(ls::Window{.within = seconds(last)}.begin(early, first + 6) == 0);
  CHECK(ls::Window{.session_gap = seconds(last)}.begin(early, last) == 2);
}

TEST_CASE("a window with any condition is bounded: it may begin after the first step") {
  CHECK_FALSE(ls::Window{}.bounded());
  for (const auto& window : {ls::Window{.last = 1}, ls::Window{.within = seconds(1)},
                             ls::Window{.session_gap = seconds(1)}, ls::Window{.frequent = 1}})
    CHECK(window.bounded());
}

TEST_CASE("P14: negative numbers are refused") {
  CHECK_THROWS_WITH_AS(
      ls::Window{.last = -1}.check("here"),
      "here: a window's numbers are at least 0, they are last -1, within 0 s, session_gap 0 s, frequent 0",
      ls::ShapeError);
  CHECK_THROWS_AS(ls::Window{.within = seconds(-1)}.check("here"), ls::ShapeError);
  CHECK_NOTHROW(ls::Window{.last = 3}.check("here"));
}
