// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sstream>
#include <string>

#include <longshore/core/error.hpp>
#include <longshore/data/leakage_report.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;

namespace {

ls::InteractionLog some_log() {
  return test::log_of({{"a", "x", 1, 10},   // 0 train
                       {"a", "y", 1, 50},   // 1 train: later than a's test, and than the first test of all
                       {"b", "x", 1, 31},   // 2 train: later than the first test of all only
                       {"a", "x", 1, 40},   // 3 test: a repeated pair
                       {"b", "z", 1, 60},   // 4 test: z is unknown to training
                       {"c", "z", 1, 30},   // 5 test: c and z are unknown; the first test of all
                       {"c", "w", 1, 35},   // 6 validation
                       {"b", "x", 1, 0}});  // 7 in no part
}

const ls::Split split{.train = {0, 1, 2}, .validation = {6}, .test = {3, 4, 5}};

}  // namespace

TEST_CASE("leakage_report: counts what one part may know of another") {
  const ls::LeakageReport report = ls::leakage_report(some_log(), split);
  CHECK(report.train == 3);
  CHECK(report.validation == 1);
  CHECK(report.test == 3);
  CHECK(report.unused == 1);
  CHECK(report.train_test.shared_rows == 0);
  CHECK(report.train_test.later_in_user == 1);
  CHECK(report.train_test.later_overall == 2);
  CHECK(report.train_test.repeated_pairs == 1);
  CHECK(report.train_test.unknown_users == 1);
  CHECK(report.train_test.unknown_items == 1);
  CHECK(report.train_validation.later_in_user == 0);
  CHECK(report.train_validation.later_overall == 1);
  CHECK(report.train_validation.unknown_users == 1);
  CHECK(report.train_validation.unknown_items == 1);
  CHECK(report.validation_test.later_in_user == 1);
  CHECK(report.validation_test.later_overall == 1);
  CHECK(report.validation_test.unknown_users == 2);
  CHECK(report.validation_test.unknown_items == 2);
  CHECK(ls::leakage_report(some_log(), {.train = {0, 3}, .validation = {}, .test = {3, 4}}).train_test.shared_rows ==
        1);
}

TEST_CASE("leakage_report: an event at the time of another is not later, one a second after it is") {
  for (const ls::Seconds after : {-1, 0, 1}) {
    CAPTURE(after);
    const ls::InteractionLog log = test::log_of({{"a", "x", 1, 30 + after}, {"a", "y", 1, 30}, {"a", "z", 1, 40}});
    const ls::Leakage leakage = ls::leakage_report(log, {.train = {0}, .validation = {}, .test = {1, 2}}).train_test;
    CHECK(leakage.later_in_user == (after > 0 ? 1 : 0));
    CHECK(leakage.later_overall == (after > 0 ? 1 : 0));
  }
}

TEST_CASE("leakage_report: without time stamps, users cannot be compared by time") {
  ls::InteractionLog log = some_log();
  log.has_times = false;
  const ls::LeakageReport report = ls::leakage_report(log, split);
  CHECK_FALSE(report.train_test.later_overall);
  CHECK(report.train_test.later_in_user == 1);
}

TEST_CASE("leakage_report: writes itself as a table and leaves the stream's format alone") {
  std::ostringstream stream;
  stream << std::right << ls::leakage_report(some_log(), split);
  const std::string text = stream.str();
  CHECK(test::has(text, "events: train 3, validation 1, test 3, in no part 1\n"));
  CHECK(test::has(
      text,
      "former / latter                                   train/validation        train/test   validation/test\n"));
  const std::string gap(17, ' ');
  CHECK(test::has(text, "former later than the first of the latter       " + gap + "1" + gap + "2" + gap + "1\n"));
  CHECK((stream.flags() & std::ios::adjustfield) == std::ios::right);
  ls::InteractionLog log = some_log();
  log.has_times = false;
  std::ostringstream other;
  other << ls::leakage_report(log, split);
  CHECK(test::has(other.str(), "no times"));
}

TEST_CASE("leakage_report: the locale of the stream does not change its table") {
  struct Grouped : std::numpunct<char> {
    char do_thousands_sep() const override { return ','; }
    std::string do_grouping() const override { return "\1"; }
  };
  const ls::Split many = {
      .train = std::vector<std::size_t>(12, 0), .validation = {}, .test = std::vector<std::size_t>(34, 0)};
  std::ostringstream stream;
  stream.imbue(std::locale(std::locale::classic(), new Grouped));
  stream << ls::leakage_report(some_log(), many);
  CHECK(test::has(stream.str(), "events: train 12, validation 0, test 34, in no part 7\n"));
  CHECK(
      test::has(stream.str(), "events in both                                                   0                34"));
}

TEST_CASE("leakage_report: P11, P14, rows outside the log are refused") {
  CHECK(test::error_text<ls::DataError>([] {
          ls::leakage_report(some_log(), {.train = {}, .validation = {}, .test = {8}});
        }) == "leakage_report: expected rows below 8, got 8");
}
