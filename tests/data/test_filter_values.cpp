// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/filter_values.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Events = std::vector<test::Event>;

TEST_CASE("filter_values: leaves the events in the range, its ends included") {
  const ls::InteractionLog log =
      test::log_of({{"a", "x", 3, 1}, {"b", "y", 4, 2}, {"c", "x", 5, 3}, {"b", "z", 3.5, 4}});
  CHECK(test::events_of(ls::filter_values(log, {.at_least = 4})) == Events{{"b", "y", 4, 2}, {"c", "x", 5, 3}});
  CHECK(test::events_of(ls::filter_values(log, {.at_least = 3.5, .at_most = 4})) ==
        Events{{"b", "y", 4, 2}, {"b", "z", 3.5, 4}});
  CHECK(ls::filter_values(log, {.at_most = 3}).user_count() == 1);
  CHECK(ls::filter_values(log, {.at_most = 3, .ids = ls::Ids::keep}).user_count() == 3);
  CHECK(ls::filter_values(log, {}).size() == 4);
}

TEST_CASE("filter_values: P14, refused where no event has a value or none is left") {
  ls::InteractionLog log = test::log_of({{"a", "x", 3, 1}});
  CHECK(test::error_text<ls::DataError>([&] { ls::filter_values(log, {.at_least = 4, .at_most = 5}); }) ==
        "filter_values: none of 1 events has a value of at least 4 and at most 5");
  CHECK(test::error_text<ls::DataError>([&] { ls::filter_values(log, {.at_least = 9}); }) ==
        "filter_values: none of 1 events has a value of at least 9");
  CHECK(test::error_text<ls::DataError>([&] { ls::filter_values(log, {.at_most = 2}); }) ==
        "filter_values: none of 1 events has a value of at most 2");
  log.has_values = false;
  CHECK(test::error_text<ls::DataError>([&] { ls::filter_values(log, {.at_least = 1}); }) ==
        "filter_values: expected a log with values, got one whose events have none");
}
