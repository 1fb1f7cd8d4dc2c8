// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <limits>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/normalise_values.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Kind = ls::Normalisation::Kind;
using Scope = ls::Normalisation::Scope;
using Values = std::vector<float>;

namespace {

// a: 1, 3, 5 (mean 3, deviation sqrt(8/3)); b: 4, 4; all: mean 3.4, from 1 to 5.
ls::InteractionLog some_log() {
  return test::log_of({{"a", "x", 1}, {"b", "x", 4}, {"a", "y", 3}, {"a", "z", 5}, {"b", "y", 4}});
}

Values normalised(const ls::Normalisation& how) {
  ls::InteractionLog log = some_log();
  const ls::ValueScale scale = ls::normalise_values(log, how);
  for (std::size_t row = 0; row < log.size(); ++row)
    CHECK(scale.original(log.users(row), log.values(row)) == doctest::Approx(some_log().values(row)));
  return {log.values.begin(), log.values.end()};
}

void check_equal(const Values& values, const Values& expected) {
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == doctest::Approx(expected[i]).epsilon(1e-6));
}

}  // namespace

TEST_CASE("normalise_values: mean 0, deviation 1 or from 0 to 1, per user or over all") {
  const float deviation = std::sqrt(8.0F / 3.0F);
  check_equal(normalised({}), {-2, 0, 0, 2, 0});
  check_equal(normalised({Scope::user, Kind::z_score}), {-2 / deviation, 0, 0, 2 / deviation, 0});
  check_equal(normalised({Scope::user, Kind::unit_range}), {0, 0, 0.5, 1, 0});
  check_equal(normalised({Scope::global, Kind::mean_zero}), {-2.4F, 0.6F, -0.4F, 1.6F, 0.6F});
  const float all = std::sqrt((5.76F + 0.36F + 0.16F + 2.56F + 0.36F) / 5);
  check_equal(normalised({Scope::global, Kind::z_score}),
              {-2.4F / all, 0.6F / all, -0.4F / all, 1.6F / all, 0.6F / all});
  check_equal(normalised({Scope::global, Kind::unit_range}), {0, 0.75, 0.5, 1, 0.75});
}

TEST_CASE("normalise_values: statistics come from the given events only, for all events") {
  ls::InteractionLog log = some_log();
  const std::vector<std::size_t> train = {0, 2};  // a: 1, 3; b: none, so that the mean of all given ones, 2, counts
  const ls::ValueScale scale = ls::normalise_values(log, {}, train);
  check_equal({log.values.begin(), log.values.end()}, {-1, 2, 1, 3, 2});
  CHECK(scale.offsets == Values{2, 2});
  CHECK(scale.factors == Values{1, 1});
}

TEST_CASE("normalise_values: P13, large values far from 0 keep their digits") {
  ls::InteractionLog log = test::log_of({{"a", "x", 1e7F + 1}, {"a", "y", 1e7F + 3}, {"a", "z", 1e7F + 5}});
  ls::normalise_values(log, {Scope::user, Kind::z_score});
  const float deviation = std::sqrt(8.0F / 3.0F);
  check_equal({log.values.begin(), log.values.end()}, {-2 / deviation, 0, 2 / deviation});
}

TEST_CASE("normalise_values: P11, P14, what cannot be normalised is refused") {
  ls::InteractionLog log = some_log();
  CHECK(test::error_text<ls::DataError>([&] { ls::normalise_values(log, {}, std::vector<std::size_t>{5}); }) ==
        "normalise_values: expected rows below 5, got 5");
  CHECK(test::error_text<ls::DataError>([&] { ls::normalise_values(log, {}, {}); }) ==
        "normalise_values: expected rows to take the statistics from, got none");
  CHECK(log.values == some_log().values);
  const ls::ValueScale scale = ls::normalise_values(log);
  for (const ls::Id id : {-1, 2, std::numeric_limits<ls::Id>::max()})
    CHECK(test::error_text<ls::DataError>([&] { static_cast<void>(scale.original(id, 0)); }) ==
          "ValueScale::original: the table of users has 2, got the id " + std::to_string(id));
  log.has_values = false;
  CHECK(test::error_text<ls::DataError>([&] { ls::normalise_values(log); }) ==
        "normalise_values: expected a log with values, got one whose events have none");
}
