// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/gate_fuser.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/long_short_model.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

// What the model sees of a history, in training and in serving.
constexpr ls::Index long_steps = 50, short_steps = 5;

/// A GRU over the history, attention over the last steps, a gate between them. No part looks at the candidates or at
/// the user's id: new users need no training.
using Model =
    ls::LongShortModel<ls::InterestBranch<ls::Gru<float, Host>, ls::LastStep<float, Host>>,
                       ls::InterestBranch<ls::NoEncoder<float, Host>, ls::AdditiveAttentionPooling<float, Host>>,
                       ls::GateFuser<float, Host>, ls::DotProductScorer<float, Host>>;

inline Model make_model(ls::Id items, ls::Index features, const ls::Random& random = ls::Random(0)) {
  Model model;
  model.items = ls::EmbeddingTable<float, Host>(
      {.rows = items, .features = features, .gradient = ls::GradientKind::dense}, random.stream("items"));
  model.long_term.encode = ls::Gru<float, Host>({.in = features, .hidden = features}, random.stream("taste"));
  model.short_term.pool =
      ls::AdditiveAttentionPooling<float, Host>({.in = features, .hidden = features}, random.stream("intent"));
  model.fuse = ls::GateFuser<float, Host>({.features = features, .hidden = {}}, random.stream("fuse"));
  return model;
}
