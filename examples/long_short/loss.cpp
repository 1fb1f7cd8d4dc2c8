// SPDX-License-Identifier: Apache-2.0
// The only file that instantiates the model for training.
#include "model.hpp"

ChosenLoss::ChosenLoss(const Options& options) {
  if (options.loss == "bpr") loss = ls::Bpr{};
  if (options.loss == "sampled-softmax") loss = ls::SampledSoftmax{};
  if (options.loss == "mse") loss = ls::MeanSquaredError{};
  if (options.loss == "softmax") loss = ls::SoftmaxCrossEntropy{};
}

ls::Value<Real, 1, Space> ChosenLoss::operator()(ls::Training<Space>& context, const Model& model,
                                                 const ls::Batch<Space>& batch) const {
  return loss(context, model, batch);
}
