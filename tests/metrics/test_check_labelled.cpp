// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_labelled.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("check_labelled: P14, refuses what cannot be compared, in words") {
  const std::vector<float> two{1, 2}, one{1}, none;
  const std::vector<float> unknown{1, std::numeric_limits<float>::quiet_NaN()};
  CHECK_NOTHROW(ls::check_labelled("f", two, two));
  CHECK_THROWS_WITH_AS(ls::check_labelled("f", two, one),
                       "f: expected one prediction a label, got 2 labels and 1 predictions", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_labelled("f", none, none), "f: expected at least one row, got none", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_labelled("f", unknown, two), "f: expected finite labels, got NaN at position 1",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_labelled("f", two, unknown), "f: expected finite predictions, got NaN at position 1",
                       ls::DataError);
}
