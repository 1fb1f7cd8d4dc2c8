// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/metrics/recall.hpp>
#include <tests/support/golden_ranking.hpp>
#include <tests/support/rankings.hpp>

namespace ls = longshore;

TEST_CASE("recall: the share of relevant items among the first k, row by row") {
  const auto result = ls::recall(2)(ranking_with({{1, 2, 3, 4}, {2}, {3}}));
  CHECK(result.per_row == xt::xtensor<double, 1>{0.5, 1, 0});  // two of four: the denominator is not cut to k
  CHECK(result.value == 0.5);
  CHECK(result.name == "recall@2");
}

TEST_CASE("recall: equals scikit-learn's recall_score of the first k") {
  const Golden golden("metrics/ranked");
  for (const auto& name : golden.cases()) {
    const auto k = static_cast<ls::Index>(golden.integer(name + "/k"));
    CHECK(ls::recall(k)(golden_ranking(golden, name)).value ==
          doctest::Approx(golden.numbers(name + "/recall")[0]).epsilon(1e-14));
  }
}
