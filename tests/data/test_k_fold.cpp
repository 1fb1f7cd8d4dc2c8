// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/k_fold.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;

TEST_CASE("k_fold: every event is in one test and in all other trainings") {
  const ls::InteractionLog log = test::random_log(1, 103, 9, 20);
  const std::vector<ls::Split> folds = ls::k_fold(log, 5, 3);
  REQUIRE(folds.size() == 5);
  std::vector<int> tests(log.size(), 0), trainings(log.size(), 0);
  for (const ls::Split& fold : folds) {
    CHECK((fold.test.size() == 20 || fold.test.size() == 21));
    CHECK(fold.test.size() + fold.train.size() == 103);
    CHECK(fold.validation.empty());
    CHECK(std::ranges::is_sorted(fold.test));
    CHECK(std::ranges::is_sorted(fold.train));
    for (const std::size_t row : fold.test) ++tests[row];
    for (const std::size_t row : fold.train) ++trainings[row];
  }
  CHECK(std::ranges::count(tests, 1) == 103);
  CHECK(std::ranges::count(trainings, 4) == 103);
  CHECK(ls::k_fold(log, 5, 3)[2].test == folds[2].test);
  CHECK(ls::k_fold(log, 5, 4)[2].test != folds[2].test);
}

TEST_CASE("k_fold: P14, too few and too many folds are refused") {
  const ls::InteractionLog log = test::log_of({{"a", "x"}, {"a", "y"}, {"a", "z"}});
  CHECK(test::error_text<ls::ShapeError>([&] { ls::k_fold(log, 1, 0); }) ==
        "k_fold: expected 2 to 3 folds, the number of events, got 1");
  CHECK_THROWS_AS(ls::k_fold(log, 4, 0), ls::ShapeError);
  CHECK(ls::k_fold(log, 3, 0).size() == 3);
}
