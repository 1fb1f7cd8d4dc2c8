// SPDX-License-Identifier: Apache-2.0
#include <longshore/data/long_short_settings.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include "../support/error_text.hpp"

namespace ls = longshore;

namespace {

std::string refused(const ls::LongShortSettings& settings) {
  return test::error_text<ls::ShapeError>([&] { settings.check("Test"); });
}

}  // namespace

TEST_CASE("settings as they are by default fit, shared or not") {
  CHECK(refused({}) == "nothing was thrown");
  CHECK(refused({.positions = ls::Positions::one_pass}) == "nothing was thrown");
  CHECK(ls::LongShortSettings().contiguous());
}

TEST_CASE("settings that do not fit are refused with the name of what is wrong") {
  CHECK(test::has(refused({.long_term = {.last = -1}}), "Test: long_term"));
  CHECK(test::has(refused({.short_term = {.last = -1}}), "Test: short_term"));
  CHECK(refused({.half_life = -2}) == "Test: half_life is at least 0, it is -2");
  ls::LongShortSettings frequent{.long_term = {.frequent = 3}};
  CHECK_FALSE(frequent.contiguous());
  CHECK(refused(frequent) == "nothing was thrown");
  frequent.positions = ls::Positions::one_pass;
  CHECK(refused(frequent) == "Test: a window of frequent items has holes, it cannot share a history in one pass");
  CHECK(refused({.long_term = {.frequent = 3}, .from_first_step = true}) ==
        "Test: a window of frequent items has holes, it cannot begin at the first step; leave from_first_step false");
  CHECK(test::has(refused({.short_term = {.frequent = 1}, .positions = ls::Positions::one_pass}), "holes"));
}

TEST_CASE("histories have a head start where one pass shares them and both windows are bounded") {
  const ls::LongShortSettings shared{.positions = ls::Positions::one_pass};
  CHECK(shared.head_start());
  for (const int change : {0, 1, 2, 3}) {
    ls::LongShortSettings other = shared;
    if (change == 0) other.positions = ls::Positions::separate;
    if (change == 1) other.from_first_step = true;
    if (change == 2) other.long_term = {};
    if (change == 3) other.short_term = {};
    CHECK_FALSE(other.head_start());
  }
}
