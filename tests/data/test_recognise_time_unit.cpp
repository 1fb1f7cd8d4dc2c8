// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/data/recognise_time_unit.hpp>

namespace ls = longshore;
using Unit = ls::TimeUnit;

TEST_CASE("recognise_time_unit: numbers of 1990 to 2099 show what they count") {
  const auto unit_of = [](const std::vector<ls::Seconds>& numbers) { return ls::recognise_time_unit(numbers); };
  const ls::Seconds first = 631'152'000, last = 4'102'444'799;  // 1990-01-01 00:00:00, 2099-12-31 23:59:59
  for (const Unit unit : {Unit::seconds, Unit::milliseconds, Unit::microseconds, Unit::nanoseconds}) {
    const auto scale = static_cast<ls::Seconds>(unit);
    CHECK(unit_of({first * scale, last * scale + scale - 1}) == unit);
    CHECK(unit_of({1'700'000'000 * scale}) == unit);
    // One second too early or too late, and it is no unit of all of them.
    CHECK(unit_of({first * scale - 1, last * scale}) == Unit::seconds);
    CHECK(unit_of({first * scale, (last + 1) * scale}) == Unit::seconds);
  }
}

TEST_CASE("recognise_time_unit: other numbers, and units that are mixed, count as seconds") {
  for (const std::vector<ls::Seconds>& numbers : std::vector<std::vector<ls::Seconds>>{
           {}, {0}, {-1, 5}, {19000, 19001}, {1'700'000'000, 1'700'000'000'000}, {0, 1'700'000'000'000}})
    CHECK(ls::recognise_time_unit(numbers) == Unit::seconds);
}
