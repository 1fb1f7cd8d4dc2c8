// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/hit_rate.hpp>
#include <longshore/metrics/mrr.hpp>
#include <longshore/metrics/segment_report.hpp>
#include <tests/support/rankings.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("segment_report: a line a segment and one for all") {
  const auto ranking = ranking_with({{1}, {2}, {20}, {4}});
  const std::vector<ls::MetricResult> results{ls::hit_rate(10)(ranking), ls::mrr()(ranking)};
  const auto report = ls::segment_report(results, {{"cold", "warm", "hot"}, {0, 2, 2, 0}});
  CHECK(report.text() ==
        "segment  rows   HR@10     MRR\n"
        "-----------------------------\n"
        "cold        2  1.0000  0.6250\n"
        "warm        0       -       -\n"
        "hot         2  0.5000  0.2750\n"
        "all         4  0.7500  0.4500\n");
}

TEST_CASE("segment_report: P14, refuses rows that do not fit") {
  const auto ranking = ranking_with({{1}, {2}});
  const std::vector<ls::MetricResult> results{ls::hit_rate(10)(ranking)};
  CHECK_THROWS_WITH_AS(ls::segment_report(results, {{"a"}, {0}}), "segment_report: expected 1 rows of HR@10, got 2",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::segment_report(results, {{"a"}, {0, 1}}),
                       "segment_report: there are 1 segments, row 1 is in 1", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::segment_report({}, {{"a"}, {0, 0}}),
                       "segment_report: expected at least one metric, got none", ls::ShapeError);
}
