// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/serendipity.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("serendipity: counts what is relevant and not obvious") {
  const std::vector<ls::Id> relevant{1, 2, 3, 9};
  const std::vector<std::size_t> offsets{0, 3, 4};
  const ls::RankingRows rows{.relevant = relevant, .relevant_offsets = offsets};
  const auto result = ls::serendipity({{1, 2, 5, 6}, {9, 8, -1, -1}}, {{2, 3}, {0, 1}}, rows);
  CHECK(result.per_row == xt::xtensor<double, 1>{0.25, 0.25});  // 1, for 2 is obvious; 9
  CHECK(result.name == "serendipity@4");
}

TEST_CASE("serendipity: P14, refuses rows that do not fit") {
  const std::vector<ls::Id> relevant{1, 2};
  CHECK_THROWS_WITH_AS(ls::serendipity({{1}}, {{1}, {2}}, {.relevant = relevant}),
                       "serendipity: expected 1 obvious lists and rows, one a list, got 2 and 2", ls::ShapeError);
}
