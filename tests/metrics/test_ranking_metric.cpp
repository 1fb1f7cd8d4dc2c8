// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/hit_rate.hpp>
#include <longshore/metrics/mrr.hpp>
#include <longshore/metrics/ndcg.hpp>
#include <longshore/metrics/ranking_metric.hpp>
#include <span>
#include <tests/support/rankings.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("RankingMetric: metrics of all kinds go into one list") {
  const std::vector<ls::RankingMetric> metrics{ls::hit_rate(10), ls::ndcg(5), ls::mrr()};
  CHECK(metrics[0].name() == "HR@10");
  CHECK(metrics[1].name() == "NDCG@5");
  CHECK(metrics[1].k() == 5);
  CHECK(metrics[2].name() == "MRR");
  CHECK(metrics[2].k() == ls::RankingMetric::whole_ranking);
}

TEST_CASE("RankingMetric: a user's own, with the values of the rows and the standard error") {
  const ls::RankingMetric worst("worst rank over k", 4, [](std::span<const double> ranks, ls::Index k) {
    return ranks.back() / static_cast<double>(k);
  });
  const auto result = worst(ranking_with({{1, 8}, {4}}));
  CHECK(result.name == "worst rank over k@4");
  CHECK(result.per_row == xt::xtensor<double, 1>{2, 1});
  CHECK(result.value == 1.5);
  CHECK(result.standard_error.value() == doctest::Approx(0.5));
}

TEST_CASE("RankingMetric: the name of a sampled result says so") {
  auto ranking = ranking_with({{1}, {4}});
  ranking.negatives = 100;
  CHECK(ls::hit_rate(3)(ranking).name == "HR@3 (100 sampled)");
  CHECK(ls::mrr()(ranking).name == "MRR (100 sampled)");
}

TEST_CASE("RankingMetric: P14, refuses a list of nothing and a ranking without rows") {
  CHECK_THROWS_WITH_AS(ls::hit_rate(0), "HR: expected a list of at least one item, got k = 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::ndcg(-3), "NDCG: expected a list of at least one item, got k = -3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::hit_rate(10)(ranking_with({{1}, {}, {3}})),
                       "HR@10: row 1 of the ranking has no relevant item", ls::DataError);
  auto ranking = ranking_with({{1}, {3}});
  ranking.offsets.back() = 3;
  CHECK_THROWS_WITH_AS(ls::ndcg(10)(ranking),
                       "NDCG@10: the offsets of a ranking must ascend from 0 to 2, the number of ranks",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::hit_rate(10)(ls::Ranking{}), "MetricResult: expected at least one row for HR@10, got none",
                       ls::DataError);
}
