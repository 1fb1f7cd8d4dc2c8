// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/longshore.hpp>

#include "options.hpp"

namespace ls = longshore;
using Real = float;
using Space = Kokkos::DefaultExecutionSpace;

template <class Encoder, class Pool>
using Branch = ls::InterestBranch<Encoder, Pool>;
using Plain = ls::NoEncoder<Real, Space>;
using Last = ls::LastStep<Real, Space>;
using Attention = ls::AdditiveAttentionPooling<Real, Space>;

using LongTerm =
    ls::AnyOf<ls::NoBranch<Real, Space>, Branch<ls::Lstm<Real, Space>, Last>, Branch<ls::Gru<Real, Space>, Last>,
              Branch<ls::SelfAttention<Real, Space>, Last>, Branch<ls::TransformerEncoder<Real, Space>, Last>,
              Branch<Plain, ls::MeanPooling<Real, Space>>, Branch<Plain, Attention>>;
using ShortTerm = ls::AnyOf<
    ls::NoBranch<Real, Space>, Branch<Plain, Attention>, Branch<Plain, ls::TargetAttentionPooling<Real, Space>>,
    Branch<Plain, ls::DeepAttentionPooling<Real, Space>>, Branch<ls::SelfAttention<Real, Space>, Last>,
    Branch<Plain, Last>, Branch<Plain, ls::MeanPooling<Real, Space>>, Branch<Plain, ls::MaxPooling<Real, Space>>>;
using Fuse = ls::AnyOf<ls::ConcatFuser<Real, Space>, ls::WeightedFuser<Real, Space>, ls::MeanFuser<Real, Space>,
                       ls::MaxFuser<Real, Space>, ls::ProductFuser<Real, Space>, ls::GateFuser<Real, Space>,
                       ls::VectorGateFuser<Real, Space>, ls::AttentionFuser<Real, Space>>;
using Score = ls::AnyOf<ls::MlpScorer<Real, Space>, ls::DotProductScorer<Real, Space>, ls::CosineScorer<Real, Space>,
                        ls::BiasedFactorScorer<Real, Space>>;
using Model = ls::LongShortModel<LongTerm, ShortTerm, Fuse, Score>;

/// Assembles the model that the options name.
Model assemble(const Options& options, ls::Id users, ls::Id items);

/// Trains by the loss that the options name.
struct ChosenLoss {
  enum class Kind { bce, bpr, sampled_softmax, softmax } kind = Kind::bce;

  explicit ChosenLoss(const Options& options)
      : kind(options.loss == "bpr"               ? Kind::bpr
             : options.loss == "sampled-softmax" ? Kind::sampled_softmax
             : options.loss == "softmax"         ? Kind::softmax
                                                 : Kind::bce) {}

  ls::Value<Real, 1, Space> operator()(auto& context, const Model& model, const auto& batch) const {
    if (kind == Kind::softmax) {
      const auto interest = model.interest(context, batch);  // (B, 1, D)
      return ls::SoftmaxCrossEntropy{}(context, ls::reshape(interest.vectors, interest.users(), interest.features()),
                                       model.items.whole(context), ls::reshape(batch.candidates, batch.size()));
    }
    const auto scores = model(context, batch);  // (B, C)
    if (kind == Kind::bpr) return ls::Bpr{}(context, scores, batch);
    if (kind == Kind::sampled_softmax) return ls::SampledSoftmax{}(context, scores, batch);
    return ls::BinaryCrossEntropy{}(context, scores, batch);
  }
};
