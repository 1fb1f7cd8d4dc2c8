// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/interest.hpp>
#include <longshore/core/visit.hpp>
#include <longshore/data/long_short_batches.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/layers/dropout.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

#include "histories.hpp"

/// A recommender that trains in milliseconds, and data for it: what the tests of training have in common.
namespace test {

/// The mean of the embedded history, through a linear layer, times the candidates: one row-sparse parameter, two dense.
template <class RealType, class SpaceType>
struct SmallModel {
  static constexpr std::string_view block_name = "SmallModel";
  longshore::EmbeddingTable<RealType, SpaceType> items;
  longshore::Dropout<RealType, SpaceType> dropout;
  longshore::MeanPooling<RealType, SpaceType> pool;
  longshore::Linear<RealType, SpaceType> taste;
  longshore::DotProductScorer<RealType, SpaceType> score;

  SmallModel() = default;
  explicit SmallModel(std::uint64_t seed, double drop = 0.25, longshore::Index rows = 12, longshore::Index features = 4)
      : items({.rows = rows, .features = features}, longshore::Random(seed).stream("items")),
        dropout({.rate = drop}),
        taste({.in = features, .out = features}, longshore::Random(seed).stream("taste")) {}

  /// @return  (B, C)
  longshore::Matrix<RealType, SpaceType> operator()(auto& context, const auto& batch) const {
    const auto history = dropout(context, items(context, batch.history));
    const auto interest = taste(context, pool(context, {history, batch.long_term}));
    return score(context, longshore::Interest<RealType, SpaceType>(interest), items(context, batch.candidates));
  }

  void visit(auto&& visitor) {
    visitor("items", items);
    visitor("dropout", dropout);
    visitor("pool", pool);
    visitor("taste", taste);
    visitor("score", score);
  }
};

/// All numbers of a model's parameters, in the order of `visit`.
template <class Model>
std::vector<double> weights_of(const Model& model) {
  std::vector<double> numbers;
  longshore::visit_parameters(model, [&](const longshore::Path&, const auto& parameter) {
    for (const auto x : longshore::copy_to_host(parameter.view())) numbers.push_back(static_cast<double>(x));
  });
  return numbers;
}

/// Users of two tastes: the even ones choose among the first half of the items, the odd ones among the others.
inline longshore::Histories histories_of_two_tastes(longshore::Id users, int events = 7, longshore::Id items = 12) {
  std::vector<std::vector<longshore::Id>> all;
  for (longshore::Id user = 0; user < users; ++user) {
    all.emplace_back();
    for (int event = 0; event < events; ++event)
      all.back().push_back((user % 2) * (items / 2) + (user * 3 + event * event + event * user) % (items / 2));
  }
  longshore::Histories histories = histories_of(all);
  histories.times.resize(histories.items.size());
  for (std::size_t row = 0; row < histories.items.size(); ++row) {
    histories.times[row] = static_cast<longshore::Seconds>(row);
    histories.rows.push_back(row);
  }
  histories.values.assign(histories.items.size(), 1.0f);
  return histories;
}

/// Shuffled batches with drawn negatives, and a hook that a test looks on through, delays by, or breaks them with.
class SmallBatches {
 public:
  using batch_type = longshore::LongShortBatches::batch_type;
  /// Called after a batch was made, on the thread that makes it.
  std::function<void(std::size_t epoch, std::size_t i, batch_type& batch)> after = {};

  /// Nine users give 54 examples and 7 batches, the last of them smaller.
  explicit SmallBatches(std::uint64_t seed = 0, longshore::Id users = 9, longshore::Index size = 8)
      : SmallBatches(histories_of_two_tastes(users), {.size = size, .seed = seed, .negatives = {.count = 2}}) {}
  SmallBatches(longshore::Histories histories, const longshore::LongShortBatchSettings& settings)
      : histories_(std::move(histories)),
        views_(histories_, {.long_term = {.last = 4}, .short_term = {.last = 1}}),
        batches_(views_, longshore::examples_of(histories_, histories_.rows), 12, histories_, settings) {}
  SmallBatches(const SmallBatches&) = delete;
  SmallBatches& operator=(const SmallBatches&) = delete;

  std::size_t size() const { return batches_.size(); }
  auto fingerprint() const { return batches_.fingerprint(); }
  void operator()(std::size_t epoch, std::size_t i, batch_type& batch) const {
    batches_(epoch, i, batch);
    if (after) after(epoch, i, batch);
  }
  const longshore::LongShortViews& views() const { return views_; }

 private:
  longshore::Histories histories_;
  longshore::LongShortViews views_;
  longshore::LongShortBatches batches_;
};

}  // namespace test
