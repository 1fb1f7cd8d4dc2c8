// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/baselines/floors.hpp>
#include <longshore/baselines/rank_baseline.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/hit_rate.hpp>
#include <longshore/metrics/mrr.hpp>
#include <longshore/metrics/ndcg.hpp>
#include <longshore/metrics/report.hpp>
#include <stop_token>
#include <string>
#include <tests/support/data_folder.hpp>
#include <tests/support/histories.hpp>
#include <tests/support/leave_one_out_data.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("Floors: makes the three baselines, visits them in the order of the report, passes the settings on") {
  const ls::Floors floors(histories_of({{0, 1, 2}, {1, 2, 0}}), 3, {.neighbours = 1});
  std::vector<std::string> names;
  floors.for_each([&](const auto& baseline) {
    names.emplace_back(baseline.name());
    CHECK(baseline.items() == 3);
  });
  CHECK(names == std::vector<std::string>{"popularity", "markov", "item-knn"});
  CHECK(floors.item_knn.neighbours(0).size() == 1);
  CHECK_THROWS_AS(ls::Floors(histories_of({{3}}), 3), ls::DataError);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_WITH_AS(ls::Floors(histories_of({{0}}), 3, {.stop = stop.get_token()}),
                       "ItemKnn: stopped before item 0 of 3", ls::Interrupted);
}

TEST_CASE("Floors: on MovieLens 100K in one table, history removed") {
  const auto path = data_file("ml-100k/ml-100k.inter");
  if (!path) return;
  const auto data = LeaveOneOutData::movielens(*path);
  const ls::RankingRows rows{
      .relevant = data.targets, .removed = data.history, .removed_offsets = data.history_offsets};
  ls::Report report({{"HR@10"}, {"NDCG@10"}, {"MRR"}});
  std::vector<double> gains;
  std::string protocol;
  ls::Floors(data.train, data.items).for_each([&](const auto& baseline) {
    const auto ranking = ls::rank_baseline(baseline, rows, data.history, data.history_offsets);
    gains.push_back(ls::ndcg(10)(ranking).value);
    report.add(std::string(baseline.name()), {ls::hit_rate(10)(ranking).value, gains.back(), ls::mrr()(ranking).value});
    protocol = ranking.description();
  });
  report.note(protocol);
  MESSAGE("\n", report.text());
  CHECK(report.rows() == 3);
  CHECK(gains[1] > gains[0]);  // what came last says more than what everybody likes
  CHECK(gains[2] > gains[0]);
}
