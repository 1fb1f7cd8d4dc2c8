// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/concepts.hpp>
#include <longshore/training/fit_run.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Trains a model.
///
///     auto report = ls::fit(model, batches, ls::BinaryCrossEntropy{}, ls::Adam{.rate = 1e-3}, {.epochs = 20, ...},
///                           [&](const auto& model) { return validation_ndcg(model); });
///
/// Batches are made on a thread of their own, in an order that depends on the seed only. After each epoch `validate`
/// measures the model (greater is better); at the end the best weights are restored, except in a run that was stopped,
/// which keeps its last ones. Equal inputs and seeds give equal bits at any number of threads, and a run that is
/// resumed from its checkpoint, mid-epoch or before a validation, equals one that never stopped. A checkpoint of other
/// batches, another optimiser or loss, other settings of either, or another `configuration` is refused, naming what
/// differs; the number of epochs may differ.
///
/// Cost: each epoch a forward and a backward pass over all batches, and the validation; memory the model, its gradients
/// and moments, the largest step, and one more model if there is a validation.
///
/// @param batches   a BatchSource; `fit` looks at `size()` of a batch, model and loss at the rest
/// @param loss      called as loss(context, model, batch) or loss(context, scores, batch); gives a Value of one
///                  element. SoftmaxCrossEntropy takes candidate 0 as target, so `negatives.count` may be 0
/// @param rule      Sgd, Adam, AdamW or Adagrad
/// @param validate  called as validate(const model) after each epoch; when a stop was requested it may throw
///                  `Interrupted`, and a resumed run begins with it
/// @return          what happened, epoch by epoch
/// @throws ShapeError for settings out of range
/// @throws DataError  if a loss or gradient is not finite: the step is refused, the model is as before it; if a
///                    validation value is not; if there are no batches; if a batch holds an item that the model's
///                    table does not have, or windows out of order (`check_batch`)
/// @throws FileError  if a checkpoint or log cannot be written or read: as far as that can be known, before the first
///                    step
template <class Model, BatchSource Batches, class Loss, class Rule, class Validate = NoValidation>
FitReport fit(Model& model, const Batches& batches, const Loss& loss, const Rule& rule,
              const FitSettings& settings = {}, const Validate& validate = {}) {
  constexpr bool is_block = Block<Model> && requires { typename BlockTraits<Model>::space; };
  static_assert(is_block,
                "longshore: fit: Model and Rule do not fit: the rule changes what the model's visit names; the model "
                "is no block that is copied, visited, and a template of Real and Space or of such blocks");
  if constexpr (is_block) {
    using Space = SpaceOf<Model>;
    constexpr bool fits =
        longshore::Loss<Loss, Model, RealOf<Model>, Space, Training<Space>, ExamplesOf<Model, Batches>>;
    static_assert(fits,
                  "longshore: fit: Model and Loss do not fit: the loss gives a Value of rank 1 neither for (context, "
                  "model, batch) nor for (context, scores, batch) with the scores of the model; a loss over the whole "
                  "catalogue needs a model with catalogue and sees_candidates");
    if constexpr (fits) {
      using Run = FitRun<Model, Batches, Loss, Rule, Validate>;
      settings.check(Run::validates);
      return Run(model, batches, loss, rule, settings, validate)();
    }
  }
  return {};
}

}  // namespace longshore::inline LONGSHORE_ABI
