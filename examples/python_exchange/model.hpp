// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/inference.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/fusers/concat_fuser.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

#include "files.hpp"

/// The model of exchange.py: long-term taste by an LSTM over the history, short-term intent by attention over
/// the last steps, both joined by a linear layer.
template <class Real = float, class Space = Host>
struct Pipeline {
  ls::EmbeddingTable<Real, Space> items;
  ls::Lstm<Real, Space> taste;
  ls::LastStep<Real, Space> last;
  ls::AdditiveAttentionPooling<Real, Space> intent;
  ls::ConcatFuser<Real, Space> fuse;
  ls::DotProductScorer<Real, Space> score;

  explicit Pipeline(const Sizes& sizes, const ls::Random& random = ls::Random(0))
      : items({.rows = sizes.items, .features = sizes.features, .gradient = ls::GradientKind::dense},
              random.stream("items")),
        taste({.in = sizes.features, .hidden = sizes.hidden, .layers = sizes.layers}, random.stream("taste")),
        intent({.in = sizes.features, .hidden = sizes.attention}, random.stream("intent")),
        fuse({.in = sizes.hidden + sizes.features, .out = sizes.features}, random.stream("fuse")) {}

  ls::Matrix<Real, Space> operator()(auto& context, const ls::Batch<Space>& batch) const {
    const auto history = items(context, batch.history);                                      // sequences (N, D)
    const auto long_term = last(context, {taste(context, history).steps, batch.long_term});  // (B, H)
    const auto short_term = intent(context, {history.steps, batch.short_term});              // (B, D)
    const auto interest = fuse(context, {}, {long_term, short_term});                        // (B, 1, D)
    return score(context, interest, items(context, batch.candidates));                       // (B, C)
  }

  void visit(auto&& visitor) {
    visitor("items", items);
    visitor("taste", taste);
    visitor("intent", intent);
    visitor("fuse", fuse);
  }
};
