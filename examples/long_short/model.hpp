// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/longshore.hpp>

#include "options.hpp"

namespace ls = longshore;
using Real = float;
using Space = Kokkos::DefaultExecutionSpace;

// Any encoder with any pooling, for either branch; each block is instantiated once.
using Encode = ls::AnyOf<ls::NoEncoder<Real, Space>, ls::Lstm<Real, Space>, ls::Gru<Real, Space>,
                         ls::SelfAttention<Real, Space>, ls::TransformerEncoder<Real, Space>>;
using Pool = ls::AnyOf<ls::LastStep<Real, Space>, ls::MeanPooling<Real, Space>, ls::SumPooling<Real, Space>,
                       ls::MaxPooling<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>,
                       ls::DeepAttentionPooling<Real, Space>, ls::TargetAttentionPooling<Real, Space>>;
using Branch = ls::AnyOf<ls::NoBranch<Real, Space>, ls::InterestBranch<Encode, Pool>>;
using Fuse = ls::AnyOf<ls::ConcatFuser<Real, Space>, ls::WeightedFuser<Real, Space>, ls::MeanFuser<Real, Space>,
                       ls::MaxFuser<Real, Space>, ls::ProductFuser<Real, Space>, ls::GateFuser<Real, Space>,
                       ls::VectorGateFuser<Real, Space>, ls::AttentionFuser<Real, Space>>;
using Score = ls::AnyOf<ls::MlpScorer<Real, Space>, ls::DotProductScorer<Real, Space>, ls::CosineScorer<Real, Space>,
                        ls::BiasedFactorScorer<Real, Space>>;
using Model = ls::LongShortModel<Branch, Branch, Fuse, Score>;

/// What of a log decides the sizes of a model.
struct LogSizes {
  ls::Id users, items;
  ls::Index longest;  // events of the longest history
};

/// Assembles the model that the options name.
Model assemble(const Options& options, const LogSizes& log);

/// Trains by the loss that the options name.
struct ChosenLoss {
  ls::AnyOf<ls::BinaryCrossEntropy, ls::Bpr, ls::SampledSoftmax, ls::MeanSquaredError, ls::SoftmaxCrossEntropy> loss;

  explicit ChosenLoss(const Options& options);
  ls::Value<Real, 1, Space> operator()(ls::Training<Space>& context, const Model& model,
                                       const ls::Batch<Space>& batch) const;
};
