// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <longshore/metrics/auc.hpp>
#include <longshore/metrics/group_auc.hpp>
#include <longshore/metrics/group_auc_by_positives.hpp>
#include <longshore/metrics/group_auc_by_rows.hpp>
#include <longshore/metrics/log_loss_with_logits.hpp>
#include <longshore/metrics/mae.hpp>
#include <longshore/metrics/rmse.hpp>
#include <longshore/training/score_batches.hpp>

#include "tests/support/error_text.hpp"
#include "tests/support/score_of_item.hpp"
#include "tests/support/small_training.hpp"
#include "tests/support/spaces.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

/// A model that gives the scores of all rows as one column.
template <class Real, class Space>
struct ScoresAsColumn {
  test::ScoreOfItem<Real, Space> by_item;
  ls::Matrix<Real, Space> operator()(auto& context, const auto& batch) const {
    const auto scores = by_item(context, batch);
    return ls::reshape(scores, scores.extent(0) * scores.extent(1), 1);
  }
  void visit(auto&& visitor) { visitor("by_item", by_item); }
};

/// Batches that are written down: user, candidates and labels of each example.
struct Written {
  using batch_type = ls::Batch<Kokkos::DefaultHostExecutionSpace>;
  struct Row {
    ls::Id user;
    std::vector<ls::Id> candidates;
    std::vector<float> labels;
  };
  std::vector<std::vector<Row>> batches;
  bool with_weights = false, with_labels = true;

  std::size_t size() const { return batches.size(); }
  void operator()(std::size_t, std::size_t i, batch_type& batch) const {
    batch.reset();
    const auto rows = static_cast<ls::Index>(batches[i].size());
    const auto width = rows == 0 ? 2 : static_cast<ls::Index>(batches[i][0].candidates.size());
    const auto users = batch.allocate<ls::Id>(rows);
    const auto candidates = batch.allocate<ls::Id>(rows, width);
    const auto labels = batch.allocate<float>(rows, width), weights = batch.allocate<float>(rows, width);
    for (ls::Index b = 0; b < rows; ++b) {
      const Row& row = batches[i][static_cast<std::size_t>(b)];
      users(b) = row.user;
      for (ls::Index c = 0; c < width; ++c) {
        candidates(b, c) = row.candidates[static_cast<std::size_t>(c)];
        labels(b, c) = row.labels[static_cast<std::size_t>(c)];
        weights(b, c) = static_cast<float>(b) + 2;
      }
    }
    batch.users = users;
    batch.candidates = candidates;
    if (rows == 0) return;
    if (with_labels) batch.labels = labels;
    if (with_weights) batch.weights = weights;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("every candidate is one row, batch after batch, and the metrics of rows are those by hand", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  const test::ScoreOfItem<Real, typename Where::Space> model(std::vector<Real>{0, 1, 2, 3});
  Written batches{{{{7, {2, 0}, {1, 0}}, {8, {1, 3}, {1, 0}}}, {{8, {2, 2}, {1, 0}}}}};
  const auto rows = ls::score_batches(model, batches);
  CHECK(rows.size() == 6);
  CHECK(rows.users == std::vector<ls::Id>{7, 7, 8, 8, 8, 8});
  CHECK(rows.labels == std::vector<float>{1, 0, 1, 0, 1, 0});
  CHECK(rows.scores == std::vector<Real>{2, 0, 1, 3, 2, 2});
  CHECK(rows.weights == std::vector<float>(6, 1.0f));
  // Pairs of all users: 2 beats 0 and ties 2, twice; 1 beats 0.
  CHECK(ls::auc(rows.labels, rows.scores) == doctest::Approx((1 + 0.5 + 1 + 0.5 + 1) / 9.0));
  const double of_8 = (0.5 + 0) / 4;  // 1 against 3 and 2 loses; 2 against 3 loses and against 2 ties
  CHECK(ls::group_auc(rows.users, rows.labels, rows.scores).value == doctest::Approx((1 + of_8) / 2));
  CHECK(ls::group_auc_by_positives(rows.users, rows.labels, rows.scores).value == doctest::Approx((1 + 2 * of_8) / 3));
  CHECK(ls::group_auc_by_rows(rows.users, rows.labels, rows.scores).value == doctest::Approx((2 * 1 + 4 * of_8) / 6));
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  CHECK(ls::log_loss_with_logits(rows.labels, rows.scores) ==
        doctest::Approx((2 * softplus(-2) + softplus(-1) + softplus(0) + softplus(3) + softplus(2)) / 6));
  batches.with_weights = true;
  CHECK(ls::score_batches(model, batches).weights == std::vector<float>{2, 2, 3, 3, 2, 2});
  CHECK(ls::score_batches(model, Written{}).size() == 0);
  batches.batches.insert(batches.batches.begin(), std::vector<Written::Row>());
  CHECK(ls::score_batches(model, batches).scores == rows.scores);  // a batch of no examples
}

TEST_CASE("ratings: values of the log against predicted ones, by the log's batches; another epoch draws others") {
  ls::Histories all = test::histories_of_two_tastes(9);
  for (std::size_t n = 0; n < all.size(); ++n) all.values[n] = static_cast<float>(1 + n % 5);
  const test::ScoreOfItem<float, Kokkos::Serial> model(std::vector<float>(12, 3.0f));
  const test::SmallBatches ratings(
      all, {.size = 8, .negatives = {.count = 0}, .labels = ls::TargetLabels::value, .weights = "value"});
  const auto rows = ls::score_batches(model, ratings);
  CHECK(rows.size() == 54);
  CHECK(rows.weights == rows.labels);
  double squares = 0, away = 0;
  for (const std::size_t row : all.rows)
    if (row % 7 > 0) {  // the first event of a user is no target
      const double error = static_cast<double>(all.values[row]) - 3;
      squares += error * error / 54;
      away += std::abs(error) / 54;
    }
  CHECK(ls::rmse(rows.labels, rows.scores) == doctest::Approx(std::sqrt(squares)));
  CHECK(ls::mae(rows.labels, rows.scores) == doctest::Approx(away));

  const test::SmallModel<float, Kokkos::Serial> other(1, 0.5);
  const test::SmallBatches drawn(3);
  const auto first = ls::score_batches(other, drawn), again = ls::score_batches(other, drawn),
             second = ls::score_batches(other, drawn, 1);
  CHECK(first.size() == 54 * 3);
  CHECK(first.scores == again.scores);
  CHECK(first.scores != second.scores);
}

TEST_CASE("a stop gives the scores up before the next batch") {
  const test::ScoreOfItem<float, Kokkos::Serial> model(std::vector<float>{0, 1, 2, 3});
  std::stop_source stop;
  struct StopsBehindSecond : Written {
    std::stop_source* stop = nullptr;
    mutable int made = 0;
    void operator()(std::size_t epoch, std::size_t i, batch_type& batch) const {
      Written::operator()(epoch, i, batch);
      if (++made == 2) stop->request_stop();
    }
  } batches;
  batches.batches.assign(4, {{7, {2, 0}, {1, 0}}});
  batches.stop = &stop;
  CHECK_THROWS_WITH_AS(ls::score_batches(model, batches, 0, stop.get_token()),
                       "score_batches: stopped before batch 2 of 4", ls::Interrupted);
  CHECK(batches.made == 2);
  CHECK(ls::score_batches(model, batches).size() == 8);
}

TEST_CASE("P11, P14: batches without labels, of other extents or with ids outside are refused, naming the call") {
  const test::ScoreOfItem<float, Kokkos::Serial> model(std::vector<float>{0, 1, 2, 3});
  Written batches{{{{7, {2, 4}, {1, 0}}}}};
  const auto refusal = [&](const auto& source) {
    return error_text<ls::Error>([&] { ls::score_batches(model, source); });
  };
  CHECK(has(refusal(batches), "score_batches: candidates: id 4 at position 1 is outside the table of 4 rows"));
  batches = {{{{7, {2, 3}, {1, 0}}}}};
  const ScoresAsColumn<float, Kokkos::Serial> column{model};
  CHECK(error_text<ls::ShapeError>([&] { ls::score_batches(column, batches); }) ==
        "score_batches: the model's scores are 2 x 1, for 1 x 2 candidates");
  batches.with_labels = false;
  CHECK(refusal(batches) == "score_batches: batch 0 has no labels");
  test::SmallBatches wrong;
  wrong.after = [](std::size_t, std::size_t, auto& batch) { batch.labels.extents[1] = 1; };
  CHECK(refusal(wrong) == "score_batches: labels are 8 x 1, the candidates 8 x 3");
  wrong.after = [](std::size_t, std::size_t, auto& batch) { batch.users = {}; };
  CHECK(refusal(wrong) == "score_batches: there are 0 users for 8 rows of candidates");
}
