// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/fit_report.hpp>

#include <cmath>

#include <doctest/doctest.h>

namespace ls = longshore;

TEST_CASE("a report sums up the seconds of its epochs") {
  ls::FitReport report;
  CHECK(report.seconds() == 0);
  for (const double seconds : {0.5, 0.25, 4.0}) {
    ls::EpochRecord record;
    record.seconds = seconds;
    report.epochs.push_back(record);
  }
  CHECK(report.seconds() == 4.75);
}

TEST_CASE("what was not measured is no number, and any value is better than none") {
  CHECK(std::isnan(ls::EpochRecord().validation));
  const ls::FitReport report;
  CHECK(report.best_epoch == 0);
  CHECK(report.best_value < -1e308);
  CHECK_FALSE(report.interrupted);
  CHECK_FALSE(report.stopped_early);
}
