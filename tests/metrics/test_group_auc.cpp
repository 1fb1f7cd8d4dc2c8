// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/group_auc.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("group_auc: three groups by hand, one of them of one class") {
  // group 0: AUC 1 of 2 rows, 1 positive; group 1: AUC 1/2 of 4 rows, 2 positives; group 2: no negative
  const std::vector<int> groups{0, 0, 1, 1, 1, 1, 2}, labels{1, 0, 1, 1, 0, 0, 1};
  const std::vector<float> scores{2, 1, 4, 1, 3, 2, 0};
  const auto mean = ls::group_auc(groups, labels, scores);
  CHECK(mean.value == doctest::Approx(0.75).epsilon(1e-15));
  CHECK(mean.groups == 2);
  CHECK(mean.skipped == 1);
}

TEST_CASE("group_auc: equals the mean of scikit-learn's roc_auc_score of each group") {
  const Golden golden("metrics/classification");
  for (const auto& name : golden.cases()) {
    const auto mean = ls::group_auc(golden.integers(name + "/groups"), golden.integers(name + "/labels"),
                                    golden.numbers(name + "/logits"));
    CHECK(mean.value == doctest::Approx(golden.numbers(name + "/group_auc")[0]).epsilon(1e-14));
    CHECK(mean.skipped == static_cast<std::size_t>(golden.integer(name + "/skipped")));
  }
}

TEST_CASE("group_auc: P14, names itself in its refusals") {
  const std::vector<int> ones{1, 1};
  const std::vector<float> scores{1, 2};
  CHECK_THROWS_WITH_AS(ls::group_auc(ones, ones, scores),
                       "group_auc: expected a group with both labels, got 1 groups with one label only", ls::DataError);
}
