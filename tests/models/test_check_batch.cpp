// SPDX-License-Identifier: Apache-2.0
#include <longshore/models/check_batch.hpp>

#include <climits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/models/any_of.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <longshore/serving/predict.hpp>

#include "tests/support/count_allocations.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/small_training.hpp"

namespace ls = longshore;
using test::error_text;

namespace {

/// A small model whose scorer adds biases of users and items.
template <class Scorer>
struct BiasedModel {
  using first_part = Scorer;
  ls::EmbeddingTable<float, ls::SpaceOf<Scorer>> items;
  Scorer score;
  void visit(auto&&) {}
};

/// Looks nothing up.
template <class Real, class Space>
struct Tableless {
  int items = 0;
  void visit(auto&&) {}
};

}  // namespace

TEST_CASE("P11: an item that the model's table does not have is refused, in the history and among the candidates") {
  using Host = Kokkos::DefaultHostExecutionSpace;
  const test::SmallModel<float, Host> model(1, 0, 12);
  const test::SmallModel<double, Kokkos::Serial> smaller(1, 0, 11);
  static_assert(ls::HasItemTable<test::SmallModel<float, Host>>);
  static_assert(!ls::HasItemTable<Tableless<float, Host>>);
  const test::SmallBatches batches;
  test::SmallBatches::batch_type batch;
  batches(0, 0, batch);
  CHECK_NOTHROW(ls::check_batch(model, batch));
  CHECK(error_text<ls::DataError>([&] { ls::check_batch(smaller, batch); }).ends_with("of 11 rows"));
  auto* const history = const_cast<ls::Id*>(batch.history.items.data());
  auto* const candidates = const_cast<ls::Id*>(batch.candidates.data());
  for (const ls::Id bad : {-1, 12, INT_MIN, INT_MAX}) {
    const ls::Id first = history[3], second = candidates[5];
    history[3] = bad;
    CHECK(error_text<ls::DataError>([&] { ls::check_batch(model, batch); }) ==
          "check_batch: items of the history: id " + std::to_string(bad) +
              " at position 3 is outside the table of 12 rows");
    history[3] = first;
    candidates[5] = bad;
    CHECK(error_text<ls::DataError>([&] { ls::check_batch(model, batch); }) ==
          "check_batch: candidates: id " + std::to_string(bad) + " at position 5 is outside the table of 12 rows");
    CHECK_NOTHROW(ls::check_batch(Tableless<float, Host>(), batch));
    candidates[5] = second;
  }
  CHECK_NOTHROW(ls::check_batch(model, batch));
  CHECK_NOTHROW(ls::check_batch(model, ls::Batch<Host>()));
}

TEST_CASE("P11: a user or candidate that the scorer does not know by its id is refused, through AnyOf too") {
  using Host = Kokkos::DefaultHostExecutionSpace;
  using Biased = ls::BiasedFactorScorer<float, Host>;
  using Dot = ls::DotProductScorer<float, Host>;
  const test::SmallBatches batches;  // nine users, twelve items
  test::SmallBatches::batch_type batch;
  batches(0, 0, batch);
  const auto text = [&](const auto& score) {
    const BiasedModel<std::remove_cvref_t<decltype(score)>> model{
        ls::EmbeddingTable<float, Host>({.rows = 12, .features = 1}), score};
    return error_text<ls::DataError>([&] { ls::check_batch(model, batch); });
  };
  CHECK(text(Biased({.users = 9, .items = 12})) == "nothing was thrown");
  auto* const users = const_cast<ls::Id*>(batch.users.data());
  users[2] = 9;
  const std::string sentence =
      "check_batch: BiasedFactorScorer: users: id 9 at position 2 is outside the table of 9 rows";
  CHECK(text(Biased({.users = 9, .items = 12})) == sentence);
  CHECK(text(ls::AnyOf<Dot, Biased>(Biased({.users = 9, .items = 12}))) == sentence);
  CHECK(text(ls::AnyOf<Dot, Biased>(Dot())) == "nothing was thrown");  // looks at no users
  users[2] = -1;
  CHECK(text(Biased({.users = 9, .items = 12})).find("id -1 at position 2") != std::string::npos);
  users[2] = 0;
  const_cast<ls::Id*>(batch.candidates.data())[4] = 11;
  CHECK(text(Biased({.users = 9, .items = 11})) ==
        "check_batch: BiasedFactorScorer: items: id 11 at position 4 is outside the table of 11 rows");
}

TEST_CASE("windows out of order are refused where a batch enters, and predict asks; nothing is allocated") {
  using Host = Kokkos::DefaultHostExecutionSpace;
  const test::SmallModel<float, Host> model(1, 0, 12);
  const test::SmallBatches batches;
  test::SmallBatches::batch_type batch;
  batches(0, 0, batch);
  ls::Inference<Host> context;
  for (int call = 0; call < 3; ++call) ls::predict(model, context, batch);
  const auto before = count_allocations();
  ls::check_batch(model, batch);
  CHECK(count_allocations() == before);
  const auto text = [&] { return error_text<ls::DataError>([&] { ls::check_batch(model, batch); }); };
  for (auto* windows : {&batch.long_term, &batch.short_term}) {
    REQUIRE(windows->count() > 2);
    const std::string name = windows == &batch.long_term ? "long_term" : "short_term";
    auto *const begin = const_cast<ls::Index*>(windows->begin.data()), *const end =
                                                                           const_cast<ls::Index*>(windows->end.data());
    const ls::Index last = windows->count() - 1, last_begin = begin[last], last_end = end[last];
    begin[last] = 0;  // an example that came too late
    end[last] = last_end - last_begin;
    CHECK(text().starts_with("check_batch: " + name + ": window " + std::to_string(last) + " is rows 0 to "));
    CHECK(text().ends_with("neither begins nor ends may decrease; order the examples of the batch"));
    CHECK("check_batch" + error_text<ls::DataError>([&] { ls::predict(model, context, batch); }).substr(7) == text());
    begin[last] = last_begin;
    end[last] = last_end;
    CHECK(text() == "nothing was thrown");
  }
  auto* const offsets = const_cast<ls::Index*>(batch.history.offsets.view.data());
  ++offsets[batch.history.offsets.count()];
  CHECK(text().starts_with("check_batch: sequences of the history: offsets end at the number of rows"));
  --offsets[batch.history.offsets.count()];
  CHECK(text() == "nothing was thrown");
  const auto kept = batch.history.offsets;
  batch.history.offsets = {};
  const std::string steps = std::to_string(batch.history.items.extent(0));
  CHECK(error_text<ls::DataError>([&] { ls::predict(model, context, batch); }) ==
        "predict: the history has " + steps +
            " steps and no offsets that say which sequence each belongs to; set "
            ".history.offsets");
  batch.history.offsets = kept;
  batch.history.columns.set("category", ls::View<const ls::Id, 1, Host>(batch.history.items.data(), 1));
  CHECK(text() == "check_batch: the step column 'category' has 1 entries, the history " + steps + " steps");
  batch.history.columns.clear();
  batch.short_term.end = ls::View<const ls::Index, 1, Host>(batch.short_term.end.data(), 1);
  CHECK(error_text<ls::ShapeError>([&] {
          ls::check_batch(model, batch, "a caller");
        }).starts_with("a caller: short_term"));
}
