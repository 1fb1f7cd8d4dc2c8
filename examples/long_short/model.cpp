// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

namespace {

LongTerm long_term(const Options& options, const ls::Random& random) {
  const ls::Index in = options.features, hidden = options.hidden;
  if (options.long_term == "none") return ls::NoBranch<Real, Space>{};
  if (options.long_term == "gru")
    return Branch<ls::Gru<Real, Space>, Last>{{}, ls::Gru<Real, Space>({.in = in, .hidden = hidden}, random), {}};
  if (options.long_term == "self-attention")
    return Branch<ls::SelfAttention<Real, Space>, Last>{
        {}, ls::SelfAttention<Real, Space>({.features = in, .causal = true, .dropout = options.dropout}, random), {}};
  if (options.long_term == "transformer")  // without positions: a history may have any length
    return Branch<ls::TransformerEncoder<Real, Space>, Last>{
        {},
        ls::TransformerEncoder<Real, Space>({.layer = {.features = in,
                                                       .heads = in % 2 == 0 ? 2 : 1,
                                                       .hidden = 4 * in,
                                                       .causal = true,
                                                       .norm_first = true,
                                                       .dropout = options.dropout,
                                                       .attention_dropout = options.dropout},
                                             .final_norm = true},
                                            random),
        {}};
  if (options.long_term == "mean") return Branch<Plain, ls::MeanPooling<Real, Space>>{};
  if (options.long_term == "decayed-mean")
    return Branch<Plain, ls::MeanPooling<Real, Space>>{{.weights = "decay"}, {}, {}};
  if (options.long_term == "attention")
    return Branch<Plain, Attention>{{}, {}, Attention({.in = in, .hidden = hidden}, random)};
  return Branch<ls::Lstm<Real, Space>, Last>{{}, ls::Lstm<Real, Space>({.in = in, .hidden = hidden}, random), {}};
}

ShortTerm short_term(const Options& options, const ls::Random& random) {
  const ls::Index in = options.features, hidden = options.hidden;
  if (options.short_term == "none") return ls::NoBranch<Real, Space>{};
  if (options.short_term == "target")
    return Branch<Plain, ls::TargetAttentionPooling<Real, Space>>{
        {}, {}, ls::TargetAttentionPooling<Real, Space>({.features = in}, random)};
  if (options.short_term == "dan")
    return Branch<Plain, ls::DeepAttentionPooling<Real, Space>>{
        {}, {}, ls::DeepAttentionPooling<Real, Space>({.in = in, .out = in}, random)};
  if (options.short_term == "self-attention")
    return Branch<ls::SelfAttention<Real, Space>, Last>{
        {.input = ls::BranchInput::windows},
        ls::SelfAttention<Real, Space>({.features = in, .dropout = options.dropout}, random),
        {}};
  if (options.short_term == "last") return Branch<Plain, Last>{};
  if (options.short_term == "mean") return Branch<Plain, ls::MeanPooling<Real, Space>>{};
  if (options.short_term == "decayed-mean")
    return Branch<Plain, ls::MeanPooling<Real, Space>>{{.weights = "decay"}, {}, {}};
  if (options.short_term == "max") return Branch<Plain, ls::MaxPooling<Real, Space>>{};
  return Branch<Plain, Attention>{{}, {}, Attention({.in = in, .hidden = hidden}, random)};
}

/// Width of what a branch gives: recurrent encoders give their states, the others vectors of the table's width.
ls::Index width(const Options& options, const std::string& branch) {
  if (branch == "none") return 0;
  return branch == "lstm" || branch == "gru" ? options.hidden : options.features;
}

}  // namespace

Model assemble(const Options& options, ls::Id users, ls::Id items) {
  const ls::Random random = ls::Random(options.seed).stream("model");
  const ls::Index in = options.features, long_width = width(options, options.long_term),
                  short_width = width(options, options.short_term), both = long_width + short_width;
  const bool halved = long_width == 0 || short_width == 0;
  // A product with an item needs an interest of the item's width.
  const bool projects = options.scorer != "mlp" && both != in;
  Model model;
  model.items = ls::EmbeddingTable<Real, Space>(
      {.rows = items,
       .features = in,
       .gradient = options.table == "sparse" ? ls::GradientKind::row_sparse : ls::GradientKind::dense,
       .initial = ls::normal(options.deviation)},
      random.stream("items"));
  model.dropout = ls::Dropout<Real, Space>({.rate = options.dropout});
  model.long_term = long_term(options, random.stream("long_term"));
  model.short_term = short_term(options, random.stream("short_term"));
  ls::Index fused = in;
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
        ls::GateFuser<Real, Space>({.features = in, .candidate_features = options.loss == "softmax" ? 0 : in}, fuser);
  } else if (options.fuser == "vector-gate") {
    model.fuse = ls::VectorGateFuser<Real, Space>({.features = in}, fuser);
  } else {
    model.fuse = ls::AttentionFuser<Real, Space>({.features = in}, fuser);
  }
  const auto scorer = random.stream("score");
  if (options.scorer == "dot")
    model.score = ls::DotProductScorer<Real, Space>{};
  else if (options.scorer == "cosine")
    model.score = ls::CosineScorer<Real, Space>{};
  else if (options.scorer == "biased")
    model.score = ls::BiasedFactorScorer<Real, Space>(
        {.users = users, .items = items, .gradient = model.items.settings.gradient});
  else
    model.score = ls::MlpScorer<Real, Space>(
        {.interest = fused, .candidate = in, .hidden = {100, 64}, .dropout = options.dropout}, scorer);
  return model;
}
