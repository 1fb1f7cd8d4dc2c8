// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_binary.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("check_binary: labels of any type may be 0 or 1, and nothing else") {
  const std::vector<float> scores{1, 2};
  CHECK_NOTHROW(ls::check_binary("f", std::vector<int>{0, 1}, scores));
  CHECK_NOTHROW(ls::check_binary("f", std::vector<double>{1, 0}, scores));
  CHECK_NOTHROW(ls::check_binary("f", std::array<bool, 2>{true, false}, scores));
  CHECK_THROWS_WITH_AS(ls::check_binary("f", std::vector<int>{0, -1}, scores),
                       "f: expected labels 0 or 1, got -1 at position 1", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_binary("f", std::vector<float>{0.5F, 1}, scores),
                       "f: expected labels 0 or 1, got 0.5 at position 0", ls::DataError);
  CHECK_THROWS_AS(ls::check_binary("f", std::vector<int>{0}, scores), ls::ShapeError);
}
