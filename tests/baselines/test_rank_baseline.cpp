// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <longshore/baselines/first_order_markov.hpp>
#include <longshore/baselines/popularity.hpp>
#include <longshore/baselines/rank_baseline.hpp>
#include <longshore/core/error.hpp>
#include <longshore/metrics/hit_rate.hpp>
#include <longshore/metrics/ndcg.hpp>
#include <span>
#include <stop_token>
#include <string>
#include <tests/support/data_folder.hpp>
#include <tests/support/histories.hpp>
#include <tests/support/leave_one_out_data.hpp>
#include <vector>

namespace ls = longshore;

namespace {

/// A baseline that is asked to stop while it scores its first row.
struct Stopping : ls::Popularity {
  using ls::Popularity::Popularity;
  std::stop_source stop;
  mutable int rows = 0;

  void scores(std::span<const ls::Id> history, std::span<float> scores) const {
    ++rows;
    std::stop_source(stop).request_stop();
    ls::Popularity::scores(history, scores);
  }
};

}  // namespace

TEST_CASE("rank_baseline: gives every row its own history") {
  const ls::FirstOrderMarkov markov(histories_of({{0, 1}, {2, 3}, {2, 3}}), 4);
  const std::vector<ls::Id> targets{1, 3, 1}, history{0, 3, 2};
  const std::vector<std::size_t> offsets{0, 1, 3, 3};
  const auto ranking = ls::rank_baseline(markov, {.relevant = targets}, history, offsets);
  CHECK(ranking.row(0)[0] == 1);
  CHECK(ranking.row(1)[0] == 1);
  CHECK(ranking.row(2)[0] == 4);  // 2 and 3 came twice; 0 and 1 tie
}

TEST_CASE("rank_baseline: a stop gives the ranking up before the next row") {
  const Stopping popularity(histories_of({{0, 1}}), 4);
  const std::vector<ls::Id> targets{1, 3, 2};
  const std::vector<std::size_t> offsets{0, 0, 0, 0};
  CHECK_THROWS_WITH_AS(
      ls::rank_baseline(popularity, {.relevant = targets}, {}, offsets, {.stop = popularity.stop.get_token()}),
      "rank_baseline: stopped before row 1", ls::Interrupted);
  CHECK(popularity.rows == 1);
}

TEST_CASE("rank_baseline: P14, refuses histories of other rows") {
  const ls::Popularity popularity(histories_of({{0, 1}}), 4);
  const std::vector<ls::Id> targets{1, 3}, history{0};
  const std::vector<std::size_t> offsets{0, 1}, beyond{0, 1, 2};
  CHECK_THROWS_WITH_AS(ls::rank_baseline(popularity, {.relevant = targets}, history, offsets),
                       "rank_baseline: expected 3 history_offsets for 2 rows, got 2", ls::ShapeError);
  CHECK_THROWS_AS(ls::rank_baseline(popularity, {.relevant = targets}, history, beyond), ls::ShapeError);
}

TEST_CASE(
    "rank_baseline: the floors of MovieLens 100K are the known ones to the printed digits, under every tie policy") {
  const auto path = data_file("ml-100k/ml-100k.inter");
  if (!path) return;
  const auto data = LeaveOneOutData::movielens(*path);
  REQUIRE(data.items == 1682);
  REQUIRE(data.targets.size() == 943);
  REQUIRE(data.train.size() == 100000 - 2 * 943);

  struct Known {
    bool removed;
    double hit[4], gain[4];  // pessimistic, lowest id first, mean, optimistic
  };
  const auto check = [&](const auto& baseline, const Known& known) {
    const ls::TiePolicy policies[] = {ls::TiePolicy::pessimistic, ls::TiePolicy::lowest_id_first, ls::TiePolicy::mean,
                                      ls::TiePolicy::optimistic};
    ls::RankingRows rows{.relevant = data.targets};
    if (known.removed) {
      rows.removed = data.history;
      rows.removed_offsets = data.history_offsets;
    }
    for (std::size_t p = 0; p < 4; ++p) {
      const auto ranking = ls::rank_baseline(baseline, rows, data.history, data.history_offsets, {.ties = policies[p]});
      const double hit = ls::hit_rate(10)(ranking).value, gain = ls::ndcg(10)(ranking).value;
      INFO(std::string(baseline.name()), ", ", ranking.description(), ": ", hit, " / ", gain);
      CHECK(std::abs(hit - known.hit[p]) < 0.5e-4);
      CHECK(std::abs(gain - known.gain[p]) < 0.5e-4);
    }
  };
  const ls::Popularity popularity(data.train, data.items);
  const ls::FirstOrderMarkov markov(data.train, data.items);
  check(popularity, {true, {.0838, .0859, .0859, .0859}, {.0432, .0449, .0442, .0450}});
  check(markov, {true, {.1442, .1442, .1453, .1453}, {.0766, .0766, .0769, .0769}});
  check(popularity, {false, {.0498, .0498, .0498, .0498}, {.0220, .0224, .0224, .0230}});
  check(markov, {false, {.1092, .1103, .1113, .1113}, {.0552, .0555, .0558, .0558}});
}

TEST_CASE("rank_baseline: the Markov floor of Amazon Beauty is the known one to the printed digits") {
  const auto path = data_file("amazon-beauty/Beauty.txt");
  if (!path) return;
  const auto data = LeaveOneOutData::beauty(*path);
  REQUIRE(data.items == 12101);
  REQUIRE(data.targets.size() == 22363);
  const auto ranking =
      ls::rank_baseline(ls::FirstOrderMarkov(data.train, data.items),
                        {.relevant = data.targets, .removed = data.history, .removed_offsets = data.history_offsets},
                        data.history, data.history_offsets, {.ties = ls::TiePolicy::lowest_id_first});
  CHECK(std::abs(ls::hit_rate(10)(ranking).value - .0668) < 0.5e-4);
  CHECK(std::abs(ls::ndcg(10)(ranking).value - .0439) < 0.5e-4);
}
