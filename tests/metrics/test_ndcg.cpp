// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/metrics/ndcg.hpp>
#include <tests/support/golden_ranking.hpp>
#include <tests/support/rankings.hpp>

namespace ls = longshore;

TEST_CASE("ndcg: one relevant item is worth the inverse logarithm of its rank") {
  const auto result = ls::ndcg(10)(ranking_with({{1}, {3}, {10}, {11}}));
  CHECK(result.per_row(0) == 1);
  CHECK(result.per_row(1) == doctest::Approx(0.5).epsilon(1e-15));
  CHECK(result.per_row(2) == doctest::Approx(1 / std::log2(11.0)).epsilon(1e-15));
  CHECK(result.per_row(3) == 0);
  CHECK(result.name == "NDCG@10");
}

TEST_CASE("ndcg: several relevant items, also more than k of them") {
  const double best = 1 + 1 / std::log2(3.0);
  CHECK(ls::ndcg(3)(ranking_with({{1, 3}})).value == doctest::Approx(1.5 / best).epsilon(1e-15));
  CHECK(ls::ndcg(2)(ranking_with({{1, 2, 3, 4}})).value == 1);
  CHECK(ls::ndcg(2)(ranking_with({{2, 3, 4}})).value == doctest::Approx((1 / std::log2(3.0)) / best).epsilon(1e-15));
}

TEST_CASE("ndcg: a fractional rank is discounted as it is; its whole part decides whether it is among the first k") {
  const auto result = ls::ndcg(10)(ranking_with({{2.5}, {10.5}, {1.5, 4.25}, {11}}));
  CHECK(result.per_row(0) == doctest::Approx(1 / std::log2(3.5)).epsilon(1e-15));
  CHECK(result.per_row(1) == doctest::Approx(1 / std::log2(11.5)).epsilon(1e-15));
  const double best = 1 + 1 / std::log2(3.0);
  CHECK(result.per_row(2) == doctest::Approx((1 / std::log2(2.5) + 1 / std::log2(5.25)) / best).epsilon(1e-15));
  CHECK(result.per_row(3) == 0);
}

TEST_CASE("ndcg: equals scikit-learn's ndcg_score") {
  const Golden golden("metrics/ranked");
  for (const auto& name : golden.cases()) {
    const auto k = static_cast<ls::Index>(golden.integer(name + "/k"));
    CHECK(ls::ndcg(k)(golden_ranking(golden, name)).value ==
          doctest::Approx(golden.numbers(name + "/ndcg")[0]).epsilon(1e-13));
  }
}
