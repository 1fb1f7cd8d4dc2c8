// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/metrics/precision.hpp>
#include <tests/support/golden_ranking.hpp>
#include <tests/support/rankings.hpp>

namespace ls = longshore;

TEST_CASE("precision: the share of the first k places with a relevant item, row by row") {
  const auto result = ls::precision(4)(ranking_with({{1, 2, 3, 9}, {4}, {5}}));
  CHECK(result.per_row == xt::xtensor<double, 1>{0.75, 0.25, 0});
  CHECK(result.value == doctest::Approx(1.0 / 3));
  CHECK(result.name == "precision@4");
  CHECK(ls::precision(10)(ranking_with({{1}}, 2)).value == doctest::Approx(0.1));  // fewer candidates than places
}

TEST_CASE("precision: equals scikit-learn's precision_score of the first k") {
  const Golden golden("metrics/ranked");
  for (const auto& name : golden.cases()) {
    const auto k = static_cast<ls::Index>(golden.integer(name + "/k"));
    CHECK(ls::precision(k)(golden_ranking(golden, name)).value ==
          doctest::Approx(golden.numbers(name + "/precision")[0]).epsilon(1e-14));
  }
}
