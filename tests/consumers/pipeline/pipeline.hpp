// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/fusers/weighted_fuser.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::DefaultExecutionSpace;

/// A user's own pipeline: long-term taste by a GRU, short-term intent by the mean of the last steps.
struct Pipeline {
  ls::EmbeddingTable<float, Space> items;
  ls::Gru<float, Space> taste;
  ls::LastStep<float, Space> taste_pool;
  ls::MeanPooling<float, Space> intent;
  ls::WeightedFuser<float, Space> fuse;
  ls::DotProductScorer<float, Space> score;

  explicit Pipeline(ls::Id count, ls::Index width = 8, const ls::Random& random = ls::Random(0))
      : items({.rows = count, .features = width}, random.stream("items")),
        taste({.in = width, .hidden = width}, random.stream("taste")),
        fuse({.learned = true}) {}

  auto operator()(auto& context, const ls::Batch<Space>& batch) const {
    const auto history = items(context, batch.history);                                      // sequences (N, D)
    const auto candidates = items(context, batch.candidates);                                // (B, C, D)
    const auto long_term = taste_pool(context, {taste(context, history), batch.long_term});  // (B, D)
    const auto short_term = intent(context, {history.steps, batch.short_term});              // (B, D)
    return score(context, fuse(context, candidates, {long_term, short_term}), candidates);   // (B, C)
  }

  void visit(auto&& visitor) {
    visitor("items", items);
    visitor("taste", taste);
    visitor("taste_pool", taste_pool);
    visitor("intent", intent);
    visitor("fuse", fuse);
    visitor("score", score);
  }
};

/// The loss of the first step and of the last. Defined in learn.cpp, a unit of its own that needs no longshore::io.
struct Losses {
  float first, last;
};
Losses learn(Pipeline& model, ls::Id count, int steps);
