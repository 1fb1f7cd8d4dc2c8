// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/metrics/map.hpp>
#include <tests/support/golden_ranking.hpp>
#include <tests/support/rankings.hpp>

namespace ls = longshore;

TEST_CASE("map: precision at every relevant item, over the items that could have been listed") {
  const auto ranking = ranking_with({{1, 3, 6}, {2}, {9}});
  const auto cut = ls::map(3)(ranking);
  CHECK(cut.per_row(0) == doctest::Approx((1.0 + 2.0 / 3) / 3).epsilon(1e-15));
  CHECK(cut.per_row(1) == 0.5);
  CHECK(cut.per_row(2) == 0);
  CHECK(cut.name == "MAP@3");
  CHECK(ls::map(2)(ranking).per_row(0) == 0.5);  // 1 / min(3, 2)
  const auto whole = ls::map()(ranking);
  CHECK(whole.per_row(0) == doctest::Approx((1.0 + 2.0 / 3 + 0.5) / 3).epsilon(1e-15));
  CHECK(whole.name == "MAP");
}

TEST_CASE("map: equals scikit-learn's average_precision_score without a cut-off") {
  const Golden golden("metrics/ranked");
  for (const auto& name : golden.cases())
    CHECK(ls::map()(golden_ranking(golden, name)).value ==
          doctest::Approx(golden.numbers(name + "/map")[0]).epsilon(1e-13));
}
