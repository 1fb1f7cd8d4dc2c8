// SPDX-License-Identifier: Apache-2.0
// The only file that instantiates the model for training.
#include <type_traits>

#include "model.hpp"

ls::Value<Real, 1, Space> CatalogueSoftmax::operator()(ls::Training<Space>& context, const Model& model,
                                                       const ls::Batch<Space>& batch) const {
  const ls::SoftmaxCrossEntropy softmax;
  return std::visit(
      [&]<class Scorer>(const Scorer& scorer) {
        if constexpr (requires { scorer.keys(context, model.items.whole(context)); }) {
          const auto interest = model.interest(context, batch);  // (B, 1, D)
          const auto targets = ls::reshape(batch.candidates, batch.size());
          if constexpr (ls::ScorerByIds<Scorer, Real, Space>)
            return softmax(context, scorer.queries(context, interest, batch.users),
                           scorer.keys(context, model.items.whole(context)), targets);
          else
            return softmax(context, scorer.queries(context, interest), scorer.keys(context, model.items.whole(context)),
                           targets);
        } else {
          return softmax(context, model, batch);
        }
      },
      model.score.block);
}

ChosenLoss::ChosenLoss(const Options& options) {
  if (options.loss == "bpr") loss = ls::Bpr{};
  if (options.loss == "sampled-softmax") loss = ls::SampledSoftmax{};
  if (options.loss == "mse") loss = ls::MeanSquaredError{};
  if (options.loss == "softmax") loss = CatalogueSoftmax{};
}

ls::Value<Real, 1, Space> ChosenLoss::operator()(ls::Training<Space>& context, const Model& model,
                                                 const ls::Batch<Space>& batch) const {
  return loss(context, model, batch);
}
