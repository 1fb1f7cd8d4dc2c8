// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stop_token>
#include <string>
#include <vector>

#include <longshore/data/renumber_as.hpp>
#include <longshore/training/rank_model.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"
#include "tests/support/score_of_item.hpp"
#include "tests/support/small_training.hpp"
#include "tests/support/spaces.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

/// A model that scores candidates, and the whole catalogue by one product; it counts who asks for what.
template <class Real, class Space>
struct Scored : test::SmallModel<Real, Space> {
  using Base = test::SmallModel<Real, Space>;
  bool sees = false;
  mutable int products = 0, chunks = 0, widest = 0;
  std::stop_source* stops = nullptr;  // a stop that is requested while the first chunk is scored
  ls::Index left_out = 0;             // makes scores of a wrong shape

  explicit Scored(std::uint64_t seed, ls::Index rows = 12) : Base(seed, 0.5, rows) {}
  bool sees_candidates() const { return sees; }
  ls::Matrix<Real, Space> operator()(auto& context, const auto& batch) const {
    ++chunks;
    if (stops) stops->request_stop();
    widest = std::max(widest, static_cast<int>(batch.candidates.extent(1)));
    auto scores = Base::operator()(context, batch);
    scores.data.extents[1] -= left_out;
    return scores;
  }
  ls::Matrix<Real, Space> catalogue(auto& context, const auto& batch) const {
    ++products;
    const auto pooled = this->pool(context, {this->items(context, batch.history), batch.long_term});
    const ls::Interest<Real, Space> interest(this->taste(context, pooled));
    auto scores = this->score.catalogue(context, interest, this->items.whole(context));
    scores.data.extents[0] -= left_out;
    return scores;
  }
};

/// Scores of every item for an example, from the model's numbers alone.
template <class Model>
std::vector<double> naive_scores(const Model& model, const std::vector<ls::Id>& history) {
  const auto table = ls::copy_to_host(model.items.weights.view());
  const auto weights = ls::copy_to_host(model.taste.weights.view()), bias = ls::copy_to_host(model.taste.bias.view());
  const std::size_t first = history.size() > 4 ? history.size() - 4 : 0;  // the long window
  double mean[4] = {}, interest[4];
  for (std::size_t t = first; t < history.size(); ++t)
    for (std::size_t d = 0; d < 4; ++d)
      mean[d] += static_cast<double>(table[static_cast<std::size_t>(history[t]) * 4 + d]) /
                 static_cast<double>(history.size() - first);
  for (std::size_t o = 0; o < 4; ++o) {
    interest[o] = static_cast<double>(bias[o]);
    for (std::size_t d = 0; d < 4; ++d) interest[o] += static_cast<double>(weights[o * 4 + d]) * mean[d];
  }
  std::vector<double> scores(std::min<std::size_t>(12, table.size() / 4), 0.0);  // of the catalogue
  for (std::size_t i = 0; i < scores.size(); ++i)
    for (std::size_t d = 0; d < 4; ++d) scores[i] += interest[d] * static_cast<double>(table[i * 4 + d]);
  return scores;
}

struct Expected {
  std::vector<double> ranks;
  std::vector<ls::Index> candidates;
  std::vector<std::vector<ls::Id>> best;  // three a row
};

template <class Model>
Expected naive(const Model& model, const ls::Histories& all, const std::vector<ls::Example>& examples, bool remove) {
  Expected expected;
  for (const ls::Example& example : examples) {
    const auto* items = all.items.data() + all.offsets[static_cast<std::size_t>(example.user)];
    const std::vector<ls::Id> history(items, items + example.position);
    const ls::Id target = items[example.position];
    const std::vector<double> scores = naive_scores(model, history);
    const auto seen = [&](ls::Id i) { return remove && std::ranges::count(history, i) > 0; };
    double rank = 1;
    ls::Index candidates = 0;
    std::vector<ls::Id> order;
    for (ls::Id i = 0; i < 12; ++i) {
      if (i != target && seen(i)) continue;
      order.push_back(i);
      ++candidates;
      rank += i != target && scores[static_cast<std::size_t>(i)] >= scores[static_cast<std::size_t>(target)] ? 1 : 0;
    }
    std::ranges::stable_sort(order, [&](ls::Id a, ls::Id b) {
      return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
    });
    order.resize(3, -1);
    expected.ranks.push_back(rank);
    expected.candidates.push_back(candidates);
    expected.best.push_back(order);
  }
  return expected;
}

void compare(const ls::Ranking& ranking, const Expected& expected) {
  REQUIRE(ranking.size() == expected.ranks.size());
  for (std::size_t b = 0; b < ranking.size(); ++b) {
    CAPTURE(b);
    REQUIRE(ranking.row(b).size() == 1);
    REQUIRE(ranking.row(b)[0] == expected.ranks[b]);
    REQUIRE(ranking.candidates(b) == expected.candidates[b]);
    for (std::size_t k = 0; k < 3; ++k) REQUIRE(ranking.lists(b, k) == expected.best[b][k]);
  }
}

/// Five users with histories of 0 to 6 events, all of them targets.
struct Data {
  ls::Histories all = histories_of({{3, 3, 7, 0, 11, 2, 3}, {5}, {10, 9, 8, 7, 6, 5}, {}, {0, 1, 0, 1, 2}});
  ls::LongShortSettings windows{.long_term = {.last = 4}, .short_term = {.last = 1}};
  ls::EvaluationRows rows;
  Data() {
    for (std::size_t row = 0; row < all.items.size(); ++row) {
      all.rows.push_back(row);
      all.times.push_back(static_cast<ls::Seconds>(row));
      all.values.push_back(1);
    }
    rows = ls::evaluation_rows(all, all.rows);
  }
  ls::LongShortViews views() const { return {all, windows}; }
};

}  // namespace

TEST_CASE_TEMPLATE("every target is ranked as by hand, by one product or in chunks of any size, with and without seen",
                   Where, LONGSHORE_EVERYWHERE) {
  const Data data;
  Scored<typename Where::Real, typename Where::Space> model(3);
  for (const bool remove : {true, false}) {
    const Expected expected = naive(model, data.all, data.rows.examples, remove);
    REQUIRE(std::ranges::max(expected.ranks) > std::ranges::min(expected.ranks) + 3);
    for (const bool sees : {false, true})
      for (const ls::Index batch : {1, 3, 19, 128})
        for (const std::size_t candidates : std::vector<std::size_t>{1, 7, 40, 65536}) {
          CAPTURE(sees);
          CAPTURE(batch);
          CAPTURE(candidates);
          model.sees = sees;
          model.products = model.chunks = model.widest = 0;
          const auto ranking = ls::rank_model(
              model, data.views(), data.rows, 12,
              {.remove_seen = remove, .batch = batch, .candidates = candidates, .ranking = {.list_length = 3}});
          compare(ranking, expected);
          const int batches = (19 + batch - 1) / batch;
          CHECK(model.products == (sees ? 0 : batches));
          CHECK((model.chunks == 0) == !sees);
          CHECK(static_cast<std::size_t>(model.widest) <= std::max<std::size_t>(1, candidates));
          if (candidates == 65536) CHECK(model.chunks == (sees ? batches : 0));
        }
    // Few scores in memory at a time: blocks of two rows, whatever the batch.
    model.sees = false;
    compare(ls::rank_model(model, data.views(), data.rows, 12,
                           {.remove_seen = remove, .batch = 5, .ranking = {.list_length = 3, .block_scores = 24}}),
            expected);
  }
}

TEST_CASE("a model with candidates only is scored in chunks, and one row is enough") {
  const Data data;
  const test::SmallModel<double, Kokkos::Serial> model(3);
  ls::EvaluationRows one = ls::evaluation_rows(data.all, std::vector<std::size_t>{6});
  compare(ls::rank_model(model, data.views(), one, 12, {.candidates = 5, .ranking = {.list_length = 3}}),
          naive(model, data.all, one.examples, true));
}

TEST_CASE("the scores of a model in double are compared as doubles") {
  const Data data;
  std::vector<double> close, large;  // all alike as floats
  for (int item = 0; item < 12; ++item) close.push_back(1 + 1e-9 * item), large.push_back(1e60 * (1 + item));
  for (const auto& scores : {close, large}) {
    const test::ScoreOfItem<double, Kokkos::Serial> model(scores);
    const ls::LongShortViews views(data.all, data.windows);
    const auto ranking = ls::rank_model(model, views, data.rows, 12, {.remove_seen = false});
    REQUIRE(ranking.size() == data.rows.targets.size());
    for (std::size_t b = 0; b < ranking.size(); ++b) CHECK(ranking.row(b)[0] == 12 - data.rows.targets[b]);
    CHECK(ranking.tied == 0);
  }
}

TEST_CASE("a table may have more rows than the catalogue, such as one for unknown items: they are no candidates") {
  const Data data;
  Scored<double, Kokkos::Serial> model(3, 15);
  for (const bool sees : {false, true}) {
    model.sees = sees;
    compare(ls::rank_model(model, data.views(), data.rows, 12, {.ranking = {.list_length = 3}}),
            naive(model, data.all, data.rows.examples, true));
  }
}

TEST_CASE("a stop gives the ranking up between two chunks of items, before a product, or between blocks of rows") {
  const Data data;
  Scored<float, Kokkos::Serial> model(3);
  std::stop_source stop;
  const auto text = [&](std::size_t candidates, ls::Index batch) {
    return error_text<ls::Interrupted>([&] {
      ls::rank_model(model, data.views(), data.rows, 12,
                     {.batch = batch, .candidates = candidates, .ranking = {.stop = stop.get_token()}});
    });
  };
  model.sees = true;
  model.stops = &stop;
  CHECK(text(5, 1) == "rank_model: stopped");
  CHECK(model.chunks == 1);
  stop = std::stop_source();
  CHECK(text(100, 1) == "rank_model: stopped");  // the chunk of the next row
  CHECK(model.chunks == 2);
  CHECK(has(text(100, 1), "full_ranking: stopped before row 0 of "));
  CHECK(model.chunks == 2);
  CHECK(model.products == 0);
}

TEST_CASE("a log of today is ranked by a model of yesterday's: unseen items are the row for unknown ids") {
  using Space = Kokkos::Serial;
  const ls::InteractionLog first = test::log_of({{"ann", "x", 1, 1}, {"bob", "y", 1, 2}, {"ann", "z", 1, 3}});
  ls::InteractionLog log = test::log_of(
      {{"eve", "new", 1, 4}, {"eve", "z", 1, 5}, {"eve", "newer", 1, 6}, {"eve", "x", 1, 7}, {"bob", "newest", 1, 8}});
  ls::renumber_as(log, first);
  Scored<float, Space> model(3, first.item_count());
  const ls::Random random(4);
  model.items =
      ls::EmbeddingTable<float, Space>({.rows = first.item_count(), .features = 4, .unknown_row = true}, random);
  REQUIRE(log.item_ids.find("(unknown)") == model.items.unknown_id());
  REQUIRE(first.item_ids.find("new").value_or(model.items.unknown_id()) == model.items.unknown_id());

  const auto all = ls::histories(log);
  const ls::LongShortViews views(all, {.long_term = {.last = 4}, .short_term = {.last = 1}});
  const std::vector<std::size_t> part{1, 3, 4};  // z after "new", x after three events, and what nobody can rank
  const auto rows = ls::evaluation_rows(all, part, first.item_count());
  CHECK(rows.targets == std::vector<ls::Id>{2, 0});
  for (const bool chunks : {false, true}) {
    model.sees = chunks;
    const auto ranking = ls::rank_model(model, views, rows, first.item_count(), {.remove_seen = false});
    REQUIRE(ranking.ranks.size() == 2);
    ls::Inference<Space> context;
    ls::Batch<ls::LongShortViews::Host> made;
    ls::Batch<Space> batch;
    views.fill(rows.examples, made);
    ls::copy_batch(made, batch);
    std::vector<float> scores(2 * 3);
    const auto score = [&] {
      ls::score_catalogue(context, model, batch, first.item_count(), 100, scores);
      return scores;
    };
    const auto before = score();
    // "new" and "newer", items 3: the model knows them by that row and no other.
    const auto expected = naive_scores(model, {3});
    const auto expected_later = naive_scores(model, {3, 2, 3});
    for (std::size_t item = 0; item < 3; ++item) {
      CHECK(static_cast<double>(before[item]) == doctest::Approx(expected[item]));
      CHECK(static_cast<double>(before[3 + item]) == doctest::Approx(expected_later[item]));
    }
    model.items.weights.mutable_view()(model.items.unknown_id(), 0) += 1;
    CHECK(score() != before);
  }
  CHECK_NOTHROW(
      ls::rank_model(model, views, rows, first.item_count()));  // an unknown item that was seen is no candidate
}

TEST_CASE("P11, P14: settings, views, catalogues and scores that do not fit are refused, and so are ids outside") {
  Data data;
  Scored<float, Kokkos::Serial> model(3);
  const auto refusal = [&](ls::Index items, const ls::RankModelSettings& settings = {}) {
    return error_text<ls::Error>([&] { ls::rank_model(model, data.views(), data.rows, items, settings); });
  };
  CHECK(refusal(12, {.batch = 0}) == "rank_model: batch and candidates are at least 1, they are 0 and 65536");
  CHECK(refusal(12, {.candidates = 0}) == "rank_model: batch and candidates are at least 1, they are 128 and 0");
  CHECK(refusal(13) == "rank_model: the model's table has 12 rows, there are 13 items");
  CHECK(has(refusal(11), "the catalogue has 11 items, and the relevant items have the id 11"));
  CHECK(has(refusal(0), "expected a catalogue of at least one item"));
  model.left_out = 1;
  CHECK(refusal(12) == "rank_model: the model's catalogue is 18 x 12, there are 19 examples and 12 items");
  model.sees = true;
  CHECK(refusal(12) == "rank_model: the model's scores are 19 x 11, for 19 x 12 candidates");
  model.left_out = 0;
  data.all.items[2] = 12;  // seen by later examples of its user; not removed, but looked up
  CHECK(refusal(12, {.remove_seen = false}) ==
        "rank_model: items of the history: id 12 at position 5 is outside the table of 12 rows");
  data.all.items[2] = 7;
  data.windows.positions = ls::Positions::one_pass;
  CHECK(refusal(12) == "rank_model: the views must have separate positions");
  data.windows.positions = ls::Positions::separate;
  data.rows = {};
  CHECK(has(refusal(12), "expected at least one row"));
}

TEST_CASE("P3: 10,000 lists full of ties are the same on every space, of equal items the lowest first") {
  const ls::Histories all = test::histories_of_two_tastes(1500);
  const ls::LongShortViews views(all, {.long_term = {.last = 4}, .short_term = {.last = 1}});
  const ls::EvaluationRows rows = ls::evaluation_rows(all, all.rows);
  REQUIRE(rows.examples.size() >= 10'000);
  const auto lists_on = [&](auto space) {
    test::SmallModel<float, decltype(space)> model(3, 0);
    std::vector<float> table(12 * 4);  // small whole numbers, each vector twice
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(ls::Random(2).below(i % 24, 3)) - 1;
    ls::copy_from_host(table, model.items.weights.mutable_view());
    return ls::rank_model(model, views, rows, 12, {.remove_seen = false, .ranking = {.list_length = 12}});
  };
  const ls::Ranking serial = lists_on(Kokkos::Serial());
  std::size_t out_of_order = 0, different = 0;
  for (std::size_t b = 0; b < serial.size(); ++b) {
    std::size_t place[12] = {};
    for (std::size_t k = 0; k < 12; ++k) place[serial.lists(b, k)] = k;
    for (std::size_t item = 0; item < 6; ++item) out_of_order += place[item] > place[item + 6];
  }
  CHECK(out_of_order == 0);
  for_every_other_space([&](auto space) {
    const ls::Ranking other = lists_on(space);
    REQUIRE(other.size() == serial.size());
    for (std::size_t b = 0; b < serial.size(); ++b) {
      bool same = other.row(b)[0] == serial.row(b)[0];
      for (std::size_t k = 0; k < 12; ++k) same = same && other.lists(b, k) == serial.lists(b, k);
      different += !same;
    }
  });
  CHECK(different == 0);
}

TEST_CASE("P12: a score that is no number is refused, naming row and item, whichever way it was made") {
  const Data data;
  Scored<double, Kokkos::Serial> model(3);
  model.items.weights.mutable_view()(11, 0) = std::numeric_limits<double>::quiet_NaN();
  for (const bool sees : {false, true}) {
    model.sees = sees;
    CHECK(has(error_text<ls::DataError>([&] { ls::rank_model(model, data.views(), data.rows, 12); }),
              "row 0: RowRanker: expected scores that are numbers, the score of item 11 is NaN"));
  }
}
