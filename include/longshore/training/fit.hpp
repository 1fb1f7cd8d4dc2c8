// SPDX-License-Identifier: Apache-2.0
#pragma once

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
/// resumed from its checkpoint, mid-epoch too, equals one that never stopped.
///
/// @param batches   a BatchSource; `fit` looks at `size()` of a batch, model and loss at the rest
/// @param loss      called as loss(context, model, batch) or loss(context, scores, batch); gives a Value of one element
/// @param rule      Sgd, Adam, AdamW or Adagrad
/// @param validate  called as validate(const model) after each epoch
/// @return          what happened, epoch by epoch
/// @throws ShapeError for settings out of range
/// @throws DataError  if a loss or gradient is not finite: the step is refused, the model is as before it; if a
///                    validation value is not; if there are no batches; if a batch holds an item that the model's
///                    table does not have
/// @throws FileError  if a checkpoint or log cannot be written or read
template <class Model, BatchSource Batches, class Loss, class Rule, class Validate = NoValidation>
FitReport fit(Model& model, const Batches& batches, const Loss& loss, const Rule& rule,
              const FitSettings& settings = {}, const Validate& validate = {}) {
  using Run = FitRun<Model, Batches, Loss, Rule, Validate>;
  settings.check(Run::validates);
  return Run(model, batches, loss, rule, settings, validate)();
}

}  // namespace longshore::inline LONGSHORE_ABI
