// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/bootstrap_interval.hpp>
#include <vector>

namespace ls = longshore;
using Doubles = std::vector<double>;

TEST_CASE("bootstrap_interval: equal values leave no doubt") {
  const auto interval = ls::bootstrap_interval(Doubles{3, 3, 3});
  CHECK(interval.low == 3);
  CHECK(interval.high == 3);
  const auto single = ls::bootstrap_interval(Doubles{1, 2}, {.rounds = 1});
  CHECK(single.low == single.high);
}

TEST_CASE("bootstrap_interval: is about two standard errors to both sides, and the same for the same seed") {
  const ls::Random random(1);
  Doubles values;
  for (std::uint64_t i = 0; i < 900; ++i) values.push_back(random.uniform<double>(i) < 0.2);
  double mean = 0;
  for (const double value : values) mean += value / 900;
  const double error = std::sqrt(mean * (1 - mean) / 900);
  const auto interval = ls::bootstrap_interval(values);
  CHECK(interval.low == doctest::Approx(mean - 1.96 * error).epsilon(0.03));
  CHECK(interval.high == doctest::Approx(mean + 1.96 * error).epsilon(0.03));
  const auto again = ls::bootstrap_interval(values), other = ls::bootstrap_interval(values, {.seed = 5});
  CHECK(again.low == interval.low);
  CHECK((other.low != interval.low || other.high != interval.high));
  const auto narrow = ls::bootstrap_interval(values, {.confidence = 0.5});
  CHECK(narrow.low > interval.low);
  CHECK(narrow.high < interval.high);
}

TEST_CASE("bootstrap_interval: 95 of 100 intervals hold the true mean") {
  int held = 0;
  for (std::uint64_t round = 0; round < 300; ++round) {
    const auto draws = ls::Random(77).at(round);
    Doubles values;
    for (std::uint64_t i = 0; i < 200; ++i) values.push_back(draws.uniform<double>(i));
    const auto interval = ls::bootstrap_interval(values, {.rounds = 300, .seed = round});
    held += interval.low <= 0.5 && 0.5 <= interval.high;
  }
  CHECK(held >= 300 * 0.95 - 4 * std::sqrt(300 * 0.95 * 0.05));
  CHECK(held < 300);
}

TEST_CASE("bootstrap_interval: P14, refuses wrong settings and nothing at all") {
  CHECK_THROWS_WITH_AS(ls::bootstrap_interval(Doubles{}), "bootstrap_interval: expected at least one row, got none",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ls::bootstrap_interval(Doubles{1}, {.confidence = 1}),
                       "bootstrap_interval: expected a confidence between 0 and 1, got 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::bootstrap_interval(Doubles{1}, {.rounds = 0}),
                       "bootstrap_interval: expected at least one round, got 0", ls::ShapeError);
  CHECK_THROWS_AS(ls::bootstrap_interval(Doubles{std::nan("")}), ls::DataError);
}
