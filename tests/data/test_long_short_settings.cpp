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
  CHECK(test::has(refused({.short_term = {.frequent = 1}, .positions = ls::Positions::one_pass}), "holes"));
}
