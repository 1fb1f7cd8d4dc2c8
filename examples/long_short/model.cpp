// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <algorithm>

namespace {

/// @param longest  steps of the longest sequence that it meets
Encode encoder(const Options& options, const std::string& name, bool causal, ls::Index longest,
               const ls::Random& random) {
  const ls::Index in = options.features, hidden = options.hidden;
  if (name == "lstm") return ls::Lstm<Real, Space>({.in = in, .hidden = hidden}, random);
  if (name == "gru") return ls::Gru<Real, Space>({.in = in, .hidden = hidden}, random);
  if (name == "self-attention")
    return ls::SelfAttention<Real, Space>({.features = in, .causal = causal, .dropout = options.dropout}, random);
  if (name == "transformer")
    return ls::TransformerEncoder<Real, Space>({.layer = {.features = in,
                                                          .heads = in % 2 == 0 ? 2 : 1,
                                                          .hidden = 4 * in,
                                                          .causal = causal,
                                                          .norm_first = true,
                                                          .dropout = options.dropout,
                                                          .attention_dropout = options.dropout},
                                                .longest = longest,
                                                .final_norm = true},
                                               random);
  return ls::NoEncoder<Real, Space>{};
}

Pool pooling(const std::string& name, ls::Index width, ls::Index hidden, const ls::Random& random) {
  if (name == "mean" || name == "decayed-mean") return ls::MeanPooling<Real, Space>{};
  if (name == "sum" || name == "decayed-sum") return ls::SumPooling<Real, Space>{};
  if (name == "max") return ls::MaxPooling<Real, Space>{};
  if (name == "attention") return ls::AdditiveAttentionPooling<Real, Space>({.in = width, .hidden = hidden}, random);
  if (name == "dan") return ls::DeepAttentionPooling<Real, Space>({.in = width, .out = width}, random);
  if (name == "target") return ls::TargetAttentionPooling<Real, Space>({.features = width}, random);
  return ls::LastStep<Real, Space>{};
}

/// The long view is encoded as the whole history, of which it may be a part; the short view as a sequence of its own, in
/// which the encoder may look both ways.
Branch branch(const Options& options, const BranchChoice& choice, bool is_long, ls::Index longest,
              const ls::Random& random) {
  if (!choice.exists()) return ls::NoBranch<Real, Space>{};
  ls::InterestBranchSettings settings;
  if (!is_long && !choice.encoder.empty()) settings.input = ls::BranchInput::windows;
  if (choice.decays()) settings.weights = "decay";
  // With an encoder before it the pooling draws from a stream of its own.
  const auto second = choice.encoder.empty() ? random : random.stream("pool");
  return ls::InterestBranch<Encode, Pool>{
      settings, encoder(options, choice.encoder, is_long, longest, random),
      pooling(choice.pooling, choice.width(options.features, options.hidden), options.hidden, second)};
}

}  // namespace

Model assemble(const Options& options, const LogSizes& log) {
  const ls::Random random = ls::Random(options.seed).stream("model");
  const BranchChoice of_long(options.long_term), of_short(options.short_term);
  const auto width = [&](const BranchChoice& choice) {
    return choice.exists() ? choice.width(options.features, options.hidden) : 0;
  };
  const ls::Index in = options.features, both = width(of_long) + width(of_short), each = width(of_long);
  const bool halved = !of_long.exists() || !of_short.exists();
  // A product with an item needs an interest of the item's width.
  const bool projects = options.scorer != "mlp" && both != in;
  // A step of Adam over all rows of a large table costs more than all else.
  const bool sparse =
      options.table == "sparse" || (options.table == "auto" && log.items > 20'000 && options.loss != "softmax");
  Model model;
  model.items =
      ls::EmbeddingTable<Real, Space>({.rows = log.items,
                                       .features = in,
                                       .gradient = sparse ? ls::GradientKind::row_sparse : ls::GradientKind::dense,
                                       .initial = ls::normal(options.deviation)},
                                      random.stream("items"));
  model.dropout = ls::Dropout<Real, Space>({.rate = options.dropout});
  model.long_term = branch(options, of_long, true, log.longest, random.stream("long_term"));
  // No sequence is longer than the history that it is of, whatever the option allows.
  const ls::Index short_steps = options.short_steps > 0 ? std::min(log.longest, options.short_steps) : log.longest;
  model.short_term = branch(options, of_short, false, short_steps, random.stream("short_term"));
  ls::Index fused = each;  // both are of one width then
  const auto fuser = random.stream("fuse");
  if (halved || options.fuser == "concat") {
    model.fuse = ls::ConcatFuser<Real, Space>({.in = both, .out = projects ? in : 0}, fuser);
    fused = projects ? in : both;
  } else if (options.fuser == "weighted") {
    model.fuse = ls::WeightedFuser<Real, Space>({.learned = true}, fuser);
  } else if (options.fuser == "mean") {
    model.fuse = ls::MeanFuser<Real, Space>{};
  } else if (options.fuser == "max") {
    model.fuse = ls::MaxFuser<Real, Space>{};
  } else if (options.fuser == "product") {
    model.fuse = ls::ProductFuser<Real, Space>{};
  } else if (options.fuser == "gate") {
    model.fuse =
        ls::GateFuser<Real, Space>({.features = each, .candidate_features = options.loss == "softmax" ? 0 : in}, fuser);
  } else if (options.fuser == "vector-gate") {
    model.fuse = ls::VectorGateFuser<Real, Space>({.features = each}, fuser);
  } else {
    model.fuse = ls::AttentionFuser<Real, Space>({.features = each}, fuser);
  }
  const auto scorer = random.stream("score");
  if (options.scorer == "dot")
    model.score = ls::DotProductScorer<Real, Space>{};
  else if (options.scorer == "cosine")
    model.score = ls::CosineScorer<Real, Space>({.scale = options.loss == "mse" ? 1.0 : 10.0});
  else if (options.scorer == "biased")
    model.score = ls::BiasedFactorScorer<Real, Space>(
        {.users = log.users, .items = log.items, .gradient = model.items.settings.gradient});
  else
    model.score = ls::MlpScorer<Real, Space>(
        {.interest = fused, .candidate = in, .hidden = {100, 64}, .dropout = options.dropout}, scorer);
  return model;
}
