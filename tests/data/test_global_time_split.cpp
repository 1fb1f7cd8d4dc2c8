// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/global_time_split.hpp>
#include <longshore/data/leakage_report.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Rows = std::vector<std::size_t>;

TEST_CASE("global_time_split: two points in time part the events of all users") {
  const ls::InteractionLog log =
      test::log_of({{"a", "x", 1, 30}, {"a", "y", 1, 10}, {"b", "x", 1, 20}, {"b", "y", 1, 19}, {"c", "x", 1, 29}});
  const ls::Split split = ls::global_time_split(log, 20, 30);
  CHECK(split.train == Rows{1, 3});
  CHECK(split.validation == Rows{2, 4});
  CHECK(split.test == Rows{0});
  CHECK(ls::global_time_split(log, 20, 20).validation.empty());
  CHECK(ls::global_time_split(log, 1000, 1000).train.size() == 5);
}

TEST_CASE("global_time_split: by ratios, with events of one second on one side") {
  std::vector<test::Event> events;
  for (int i = 0; i < 10; ++i) events.push_back({"a", "x", 1, i < 7 ? i : 7});
  const ls::Split split = ls::global_time_split(test::log_of(events), {.train = 0.5, .validation = 0.4, .test = 0.1});
  CHECK(split.train == Rows{0, 1, 2, 3, 4});
  CHECK(split.validation == Rows{5, 6});
  CHECK(split.test == Rows{7, 8, 9});  // the point of the test lies among four events of one second
  CHECK(ls::global_time_split(test::log_of(events), {.train = 1, .validation = 0, .test = 0}).train.size() == 10);

  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const ls::InteractionLog log = test::random_log(seed, 600, 17, 30);
    const ls::Split parts = ls::global_time_split(log);
    const ls::LeakageReport report = ls::leakage_report(log, parts);
    CHECK(report.train_test.later_overall == 0);
    CHECK(report.train_validation.later_overall == 0);
    CHECK(report.validation_test.later_overall == 0);
    CHECK(report.unused == 0);
    CHECK(parts.train.size() <= 480);
    CHECK(parts.train.size() >= 460);
  }
}

TEST_CASE("global_time_split: P14, what cannot be split is refused") {
  ls::InteractionLog log = test::log_of({{"a", "x", 1, 5}, {"a", "y", 1, 5}, {"b", "y", 1, 5}});
  CHECK(test::error_text<ls::ShapeError>([&] { ls::global_time_split(log, 6, 5); }) ==
        "global_time_split: expected the test to begin with or after the validation, at 6, got 5");
  CHECK(test::error_text<ls::DataError>([&] { ls::global_time_split(log); }) ==
        "global_time_split: nothing is left for training, the first 2 events share one second");
  log.has_times = false;
  CHECK(test::error_text<ls::DataError>([&] { ls::global_time_split(log, 1, 2); }) ==
        "global_time_split: expected a log with time stamps, got one without");
}
