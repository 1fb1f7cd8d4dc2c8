// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <string>
#include <vector>

#include <longshore/metrics/hit_rate.hpp>
#include <longshore/training/rank_model.hpp>
#include <longshore/training/rank_model_sampled.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/score_of_item.hpp"
#include "tests/support/small_training.hpp"
#include "tests/support/spaces.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

/// Nine users of two tastes; the last two events of each are ranked.
struct Data {
  ls::Histories all = test::histories_of_two_tastes(9);
  ls::LongShortSettings windows{.long_term = {.last = 4}, .short_term = {.last = 1}};
  ls::EvaluationRows rows;
  Data() {
    std::vector<std::size_t> part;
    for (std::size_t user = 0; user < 9; ++user) part.insert(part.end(), {7 * user + 5, 7 * user + 6});
    rows = ls::evaluation_rows(all, part);
  }
  ls::LongShortViews views() const { return {all, windows}; }
};

/// A model that is asked to stop while it scores its n-th batch.
template <class Real, class Space>
struct Stopping : test::SmallModel<Real, Space> {
  using Base = test::SmallModel<Real, Space>;
  using Base::Base;
  std::stop_source stop;
  int last = 0;
  mutable int batches = 0;

  auto operator()(auto& context, const auto& batch) const {
    if (++batches == last) std::stop_source(stop).request_stop();
    return Base::operator()(context, batch);
  }
};

}  // namespace

TEST_CASE("a stop gives the ranking up between two batches, or between blocks of rows") {
  const Data data;
  Stopping<float, Kokkos::Serial> model(3);
  const auto text = [&](std::size_t block_scores) {
    model.batches = 0;
    model.stop = std::stop_source();
    return error_text<ls::Interrupted>([&] {
      ls::rank_model_sampled(
          model, data.views(), data.rows, 12,
          {.batch = 3, .ranking = {.negatives = 2, .block_scores = block_scores, .stop = model.stop.get_token()}});
    });
  };
  CHECK(text(1000) == "nothing was thrown");
  CHECK(model.batches == 6);
  model.last = 2;
  CHECK(text(1000) == "rank_model_sampled: stopped before row 6");
  CHECK(model.batches == 2);
  CHECK(text(3) == "sampled_ranking: stopped before row 2 of 18");
  CHECK(model.batches == 2);
}

TEST_CASE_TEMPLATE("targets are ranked among the negatives that are given, as by hand, in batches of any size", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  const Data data;
  const test::SmallModel<typename Where::Real, Space> model(3, 0.5);
  std::vector<ls::Id> given;  // three a row: those behind the target
  for (const ls::Id target : data.rows.targets)
    for (ls::Id i = 1; i <= 3; ++i) given.push_back((target + i) % 12);
  // The score of every item for every row, by the model and nothing else.
  ls::Inference<Space> context;
  ls::Batch<ls::LongShortViews::Host> made;
  data.views().fill(data.rows.examples, made);
  ls::Batch<Space> batch;
  ls::copy_batch(made, batch);
  std::vector<typename Where::Real> scores(18 * 12);
  ls::score_catalogue(context, model, batch, 12, 1000, scores);
  for (const ls::Index size : {1, 5, 128}) {
    const auto ranking = ls::rank_model_sampled(model, data.views(), data.rows, 12,
                                                {.batch = size, .ranking = {.negatives = 3, .given = given}});
    REQUIRE(ranking.size() == 18);
    for (std::size_t b = 0; b < 18; ++b) {
      const auto score = [&](ls::Id item) { return scores[12 * b + static_cast<std::size_t>(item)]; };
      double rank = 1;
      for (std::size_t i = 0; i < 3; ++i) rank += score(given[3 * b + i]) >= score(data.rows.targets[b]) ? 1 : 0;
      CHECK(ranking.row(b)[0] == rank);
      CHECK(ranking.candidates(b) == 4);
    }
    CHECK(ls::hit_rate(1)(ranking).name == "HR@1 (3 given)");
    CHECK(has(ranking.description(), "sampled ranking, 3 given negatives a row"));
  }
}

TEST_CASE("the scores of a model in double are compared as doubles") {
  const Data data;
  std::vector<double> scores;  // all alike as floats
  for (int item = 0; item < 12; ++item) scores.push_back(1 + 1e-9 * item);
  const test::ScoreOfItem<double, Kokkos::Serial> model(scores);
  std::vector<ls::Id> given;
  for (const ls::Id target : data.rows.targets) given.push_back((target + 1) % 12);
  const auto ranking = ls::rank_model_sampled(model, data.views(), data.rows, 12,
                                              {.remove_seen = false, .ranking = {.negatives = 1, .given = given}});
  for (std::size_t b = 0; b < 18; ++b) CHECK(ranking.row(b)[0] == (data.rows.targets[b] == 11 ? 1 : 2));
  CHECK(ranking.tied == 0);
}

TEST_CASE("drawn negatives are the same for every model; all unseen items as negatives give the full ranking") {
  const Data data;
  const test::SmallModel<float, Kokkos::Serial> model(3, 0.5), other(4, 0.5);
  ls::EvaluationRows one;  // all rows but with one number of unseen items each
  for (std::size_t b = 0; b < data.rows.size(); ++b) {
    const auto history = data.rows.history(b);
    std::vector<bool> seen(12, false);
    for (const ls::Id item : history) seen[static_cast<std::size_t>(item)] = true;
    seen[static_cast<std::size_t>(data.rows.targets[b])] = true;
    const auto left = static_cast<ls::Index>(12 - std::count(seen.begin(), seen.end(), true));
    const ls::EvaluationRows row{
        {data.rows.examples[b]}, {data.rows.targets[b]}, {history.begin(), history.end()}, {0, history.size()}};
    const auto full = ls::rank_model(model, data.views(), row, 12);
    const auto sampled = ls::rank_model_sampled(model, data.views(), row, 12, {.ranking = {.negatives = left}});
    CHECK(sampled.ranks == full.ranks);
    CHECK(sampled.candidates == full.candidates);
    CHECK(sampled.sampled());
    CHECK_FALSE(full.sampled());
  }
  // As `sampled_ranking` draws them, with seen items among them where they are not removed.
  for (const bool remove : {true, false}) {
    const auto drawn = [&](std::uint64_t seed) {
      std::vector<ls::Id> ids;
      ls::sampled_ranking(data.rows.rows(remove), 12,
                          [&](std::size_t, std::size_t, std::span<const ls::Id> candidates, std::span<float> scores) {
                            ids.assign(candidates.begin(), candidates.end());
                            std::fill(scores.begin(), scores.end(), 0.0f);
                          },
                          {.negatives = 4, .seed = seed});
      return ids;
    };
    std::vector<ls::Id> given;
    const auto ids = drawn(7);
    for (std::size_t b = 0; b < 18; ++b)
      for (std::size_t i = 0; i < 5; ++i)
        if (ids[5 * b + i] != data.rows.targets[b]) given.push_back(ids[5 * b + i]);
    const auto sampled = ls::rank_model_sampled(other, data.views(), data.rows, 12,
                                                {.remove_seen = remove, .ranking = {.negatives = 4, .seed = 7}});
    CHECK(sampled.ranks ==
          ls::rank_model_sampled(other, data.views(), data.rows, 12, {.ranking = {.negatives = 4, .given = given}})
              .ranks);
    CHECK(ls::hit_rate(3)(sampled).name == "HR@3 (4 sampled)");
    CHECK(drawn(8) != ids);
  }
}

TEST_CASE("P11, P12, P14: settings, views, ids and scores that do not fit are refused, naming the call") {
  Data data;
  test::SmallModel<float, Kokkos::Serial> model(3);
  const auto refusal = [&](ls::Index items, const ls::RankModelSampledSettings& settings) {
    return error_text<ls::Error>([&] { ls::rank_model_sampled(model, data.views(), data.rows, items, settings); });
  };
  CHECK(refusal(12, {.batch = 0}) == "rank_model_sampled: batch is at least 1, it is 0");
  CHECK(refusal(13, {}) == "rank_model_sampled: the model's table has 12 rows, there are 13 items");
  CHECK(has(refusal(12, {}), "100 negatives a row were asked for"));
  CHECK(has(refusal(12, {.ranking = {.negatives = 0}}), "expected at least one negative a row"));
  data.windows.positions = ls::Positions::one_pass;
  CHECK(refusal(12, {}) == "rank_model_sampled: the views must have separate positions");
  data.windows.positions = ls::Positions::separate;
  data.all.items[3] = 12;
  CHECK(has(refusal(12, {.ranking = {.negatives = 2}}), "is outside the table of 12 rows"));
  data.all.items[3] = 5;
  model.taste.bias.mutable_view()(0) = std::numeric_limits<float>::quiet_NaN();
  CHECK(has(refusal(12, {.ranking = {.negatives = 2}}), "is NaN"));
}
