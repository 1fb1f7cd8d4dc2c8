// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/core/error.hpp>
#include <longshore/metrics/group_aucs.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("GroupAucs: groups in any order of rows, those of one class skipped and counted") {
  const std::vector<std::int64_t> groups{9, -3, 9, -3, 9, 4, 4};
  const std::vector<int> labels{1, 0, 0, 1, 0, 1, 1};
  const std::vector<double> scores{0.5, 0.2, 0.7, 0.3, 0.1, 0, 0};
  const auto aucs = ls::GroupAucs::of("f", groups, labels, scores);
  CHECK(aucs.aucs == std::vector<double>{1, 0.5});  // ascending: -3, 9
  CHECK(aucs.rows == std::vector<double>{2, 3});
  CHECK(aucs.positives == std::vector<double>{1, 1});
  CHECK(aucs.skipped == 1);
  const auto mean = aucs.mean({3, 1});
  CHECK(mean.value == 0.875);
  CHECK(mean.groups == 2);
  CHECK(mean.skipped == 1);
}

TEST_CASE("GroupAucs: P14, refuses groups without a pair to compare, in words") {
  using Ints = std::vector<int>;
  CHECK_THROWS_WITH_AS(ls::GroupAucs::of("f", Ints{1, 2}, Ints{0, 1}, std::vector<float>{1, 2}),
                       "f: expected a group with both labels, got 2 groups with one label only", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::GroupAucs::of("f", Ints{1}, Ints{0, 1}, std::vector<float>{1, 2}),
                       "f: expected one group a label, got 2 labels and 1 groups", ls::ShapeError);
}
