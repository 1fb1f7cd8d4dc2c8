// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/paired_test.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;
using Doubles = std::vector<double>;

TEST_CASE("paired_test: few rows are tried in every assignment of signs, by hand") {
  const auto test = ls::paired_test(Doubles{1, 1, 1, 5}, Doubles{0, 0, 0, 5});
  CHECK(test.exact);
  CHECK(test.difference == 0.75);
  CHECK(test.p_value == 0.25);  // all plus and all minus of eight
  const auto none = ls::paired_test(Doubles{1, 2}, Doubles{1, 2});
  CHECK(none.difference == 0);
  CHECK(none.p_value == 1);
}

TEST_CASE("paired_test: equals SciPy's exact permutation_test") {
  const Golden golden("metrics/paired_test");
  for (const auto& name : golden.cases()) {
    const auto test = ls::paired_test(golden.numbers(name + "/a"), golden.numbers(name + "/b"));
    CHECK(test.exact);
    CHECK(test.difference == doctest::Approx(golden.numbers(name + "/difference")[0]).epsilon(1e-12));
    CHECK(test.p_value == doctest::Approx(golden.numbers(name + "/p_value")[0]).epsilon(1e-12));
  }
}

TEST_CASE("paired_test: random signs come near the exact value, and are the same for the same seed") {
  const ls::Random random(2);
  Doubles a, b;
  for (std::uint64_t i = 0; i < 16; ++i) {
    a.push_back(random.uniform<double>(2 * i) + 0.15);
    b.push_back(random.uniform<double>(2 * i + 1));
  }
  const auto exact = ls::paired_test(a, b, {.rounds = 1 << 16});
  REQUIRE(exact.exact);
  CHECK(exact.p_value > 0.01);
  CHECK(exact.p_value < 0.9);
  const auto tried = ls::paired_test(a, b, {.rounds = 50000, .seed = 3});
  CHECK_FALSE(tried.exact);
  CHECK(std::abs(tried.p_value - exact.p_value) < 5 * std::sqrt(exact.p_value * (1 - exact.p_value) / 50000));
  CHECK(ls::paired_test(a, b, {.rounds = 50000, .seed = 3}).p_value == tried.p_value);
  CHECK(ls::paired_test(a, b, {.rounds = 50000, .seed = 4}).p_value != tried.p_value);
}

TEST_CASE("paired_test: what was observed is one of the random assignments, so no p-value is 0") {
  // Of 2^40 assignments two are as far from 0 as all plus.
  const auto test = ls::paired_test(Doubles(40, 1.0), Doubles(40, 0.0), {.rounds = 99});
  CHECK_FALSE(test.exact);
  CHECK(test.p_value == 1.0 / 100);
}

TEST_CASE("paired_test: without a difference small values are as rare as they should be, with one they are the rule") {
  const ls::Random random(31);
  int rejected = 0, found = 0;
  const int rounds = 400;
  for (int round = 0; round < rounds; ++round) {
    const auto draws = random.at(static_cast<std::uint64_t>(round));
    Doubles a, b, better;
    for (std::uint64_t i = 0; i < 100; ++i) {
      a.push_back(draws.uniform<double>(2 * i) < 0.3);
      b.push_back(draws.uniform<double>(2 * i + 1) < 0.3);
      better.push_back(draws.uniform<double>(2 * i) < 0.6);
    }
    rejected += ls::paired_test(a, b, {.rounds = 500}).p_value <= 0.05;
    found += ls::paired_test(better, b, {.rounds = 500}).p_value <= 0.05;
  }
  CHECK(rejected <= 0.05 * rounds + 3 * std::sqrt(rounds * 0.05 * 0.95));
  CHECK(rejected >= 1);
  CHECK(found > 0.9 * rounds);
}

TEST_CASE("paired_test: P14, refuses rows that are not paired") {
  CHECK_THROWS_WITH_AS(ls::paired_test(Doubles{1}, Doubles{1, 2}),
                       "paired_test: expected values of the same rows, got 1 and 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::paired_test(Doubles{}, Doubles{}), "paired_test: expected at least one row, got none",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ls::paired_test(Doubles{1}, Doubles{2}, {.rounds = 0}),
                       "paired_test: expected at least one round, got 0", ls::ShapeError);
  CHECK_THROWS_AS(ls::paired_test(Doubles{std::nan("")}, Doubles{2}), ls::DataError);
}
