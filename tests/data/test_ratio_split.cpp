// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/leakage_report.hpp>
#include <longshore/data/ratio_split.hpp>
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Rows = std::vector<std::size_t>;

TEST_CASE("ratio_split: each user's events in the order of time are divided by the ratios") {
  std::vector<test::Event> events;
  for (int i = 0; i < 10; ++i) events.push_back({"a", std::to_string(i), 1, 100 - i});  // latest first
  events.push_back({"b", "x", 1, 1});
  const ls::InteractionLog log = test::log_of(events);
  const ls::Split split = ls::ratio_split(log, {.train = 0.6, .validation = 0.2, .test = 0.2});
  CHECK(split.test == Rows{0, 1});
  CHECK(split.validation == Rows{2, 3});
  CHECK(split.train == Rows{4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE("ratio_split: ties go by the rule, and no user's training is later than its test") {
  const ls::InteractionLog log = test::log_of({{"a", "x", 1, 5}, {"a", "y", 1, 5}, {"a", "z", 1, 5}});
  CHECK(ls::ratio_split(log).test == Rows{2});
  CHECK(ls::ratio_split(log, {}, ls::Ties::reverse_file_order).test == Rows{0});
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const ls::InteractionLog random = test::random_log(seed, 500, 17, 30);
    const ls::LeakageReport report = ls::leakage_report(random, ls::ratio_split(random));
    CHECK(report.train_test.later_in_user == 0);
    CHECK(report.train_validation.later_in_user == 0);
    CHECK(report.unused == 0);
    CHECK(report.train_test.shared_rows + report.train_validation.shared_rows + report.validation_test.shared_rows ==
          0);
  }
  CHECK_THROWS_AS(ls::ratio_split(ls::InteractionLog(), {.train = 0}), ls::ShapeError);
}
