// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <longshore/factorization/factorizer.hpp>
#include <longshore/training/best_model.hpp>
#include <longshore/training/checkpoint_path.hpp>
#include <longshore/training/factorization_checkpoint.hpp>
#include <longshore/training/factorization_settings.hpp>
#include <longshore/training/fit_log.hpp>
#include <longshore/training/progress.hpp>
#include <longshore/training/validation_value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Trains a matrix factorisation, epoch by epoch.
///
///     Als<float, Space> als({.users = train.users(), .items = train.items(), .features = 64});
///     auto report = ls::fit_factors(als, train, {.epochs = 15, .stop_early = {.patience = 3}},
///                                   [&](const auto& model) { return validation_ndcg(model); });
///
/// After each epoch `validate` measures the model (greater is better); at the end the best weights are restored, except
/// in a run that was stopped, which keeps its last ones. Equal inputs and seeds give equal bits at any number of
/// threads, and a run that is resumed from its checkpoint, after an epoch or before its validation, equals one that
/// never stopped. A checkpoint of another model, other settings or data of another size is refused, naming what
/// differs; the number of epochs may differ.
///
/// An epoch that fails may leave a model half changed. So an exception, of an epoch, a validation or a callback, leaves
/// the best weights so far where a validation has found some, else the model as it is then; the checkpoint goes on from
/// the last epoch that was trained.
///
/// Cost: that of the epochs and the validations; memory one more model if there is a validation.
///
/// @param interactions  what the model is trained on
/// @param validate      called as validate(const model) after each epoch; when a stop was requested it may throw
///                      `Interrupted`, and a resumed run begins with it
/// @return              what happened; `loss` is the model's objective, NaN where it does not compute one, a step is an
///                      epoch, and rate and gradient norm are 0
/// @throws ShapeError for settings out of range
/// @throws DataError  if a validation value is not finite, and as the model's `epoch`
/// @throws FileError  if a checkpoint or log cannot be written or read: as far as that can be known, before the first
///                    epoch
template <Factorizer Model, class Validate = NoValidation>
FitReport fit_factors(Model& model, const Interactions<RealOf<Model>, SpaceOf<Model>>& interactions,
                      const FactorizationSettings& settings = {}, const Validate& validate = {}) {
  constexpr bool validates = !std::is_same_v<Validate, NoValidation>;
  settings.check(validates);
  const CheckpointPath checkpoint("fit_factors", settings.checkpoint);
  FactorizationPosition position;
  position.settings = model.named_settings();
  position.settings.emplace_back("users", std::to_string(interactions.users()));
  position.settings.emplace_back("items", std::to_string(interactions.items()));
  position.settings.emplace_back("interactions", std::to_string(interactions.entries()));
  BestModel<Model> best("fit_factors", model, settings.stop_early, validates);
  if (settings.resume && checkpoint.is_there())
    position = load_factors(checkpoint.path(), model, best.get(), position.settings);
  FitReport& report = position.report;
  report.stopped_early = best.has_no_patience(position);

  FitLog log({.curves = settings.curves, .tensorboard = settings.tensorboard, .progress = settings.progress},
             report.epochs);
  Progress<> progress(settings.progress, settings.epochs, 1);
  const auto save = [&] {
    if (checkpoint.is_wanted()) save_factors<Model>(checkpoint.path(), model, best.get(), position);
  };
  const auto train_epoch = [&] {
    using Clock = std::chrono::steady_clock;
    const SpaceOf<Model> executor;
    EpochRecord record{.epoch = position.epoch() + 1};
    const auto start = Clock::now();
    record.loss = model.epoch(executor, interactions, position.epoch());
    executor.fence();
    record.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    record.examples_per_second = static_cast<double>(interactions.entries()) / std::max(1e-9, record.seconds);
    position.trained = record;
    report.steps = record.epoch;
  };
  try {
    while (position.epoch() < settings.epochs && !report.stopped_early) {
      const bool stopped = !position.trained && settings.stop.stop_requested();
      if (!stopped && !position.trained) train_epoch();
      if (stopped || validates) save();  // a validation may take long
      if (!stopped && validates) progress.validating(position.epoch() + 1, position.trained->loss);
      const auto stop = validates ? settings.stop : std::stop_token();
      const auto value = stopped ? std::nullopt : validation_value(validate, std::as_const(model), stop);
      if (!value) {
        report.interrupted = true;
        return report;
      }
      const bool better = best.end_epoch(model, *position.trained, *value, position);
      position.trained.reset();
      log.epoch(report.epochs.back());
      progress.epoch(report.epochs.back(), better);
      if (settings.on_epoch) settings.on_epoch(report.epochs.back());
      save();
    }
  } catch (...) {
    best.restore(model, report);
    throw;
  }
  best.restore(model, report);
  return report;
}

}  // namespace longshore::inline LONGSHORE_ABI
