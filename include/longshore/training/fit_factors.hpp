// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <longshore/factorization/factorizer.hpp>
#include <longshore/io/atomic_file.hpp>
#include <longshore/training/factorization_checkpoint.hpp>
#include <longshore/training/factorization_settings.hpp>
#include <longshore/training/fit_log.hpp>
#include <longshore/training/fit_run.hpp>
#include <longshore/training/progress.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Trains a matrix factorisation, epoch by epoch.
///
///     Als<float, Space> als({.users = train.users(), .items = train.items(), .features = 64});
///     auto report = ls::fit_factors(als, train, {.epochs = 15, .stop_early = {.patience = 3}},
///                                   [&](const auto& model) { return validation_ndcg(model); });
///
/// After each epoch `validate` measures the model (greater is better); at the end the best weights are restored, except
/// in a run that was stopped, which keeps those of its last epoch. Equal inputs and seeds give equal bits at any number
/// of threads, and a run that is resumed from its checkpoint equals one that never stopped. A checkpoint of another
/// model, other settings or data of another size is refused, naming what differs; the number of epochs may differ.
///
/// An error in an epoch leaves the model as it is then; the checkpoint has the last finished epoch.
///
/// Cost: that of the epochs and the validations; memory one more model if there is a validation.
///
/// @param interactions  what the model is trained on
/// @param validate      called as validate(const model) after each epoch
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
  using Clock = std::chrono::steady_clock;
  settings.check(validates);
  const std::filesystem::path& path = settings.checkpoint;
  const std::filesystem::path folder = path.parent_path();
  std::error_code error;
  const auto is_there = [&](const std::filesystem::path& p) { return std::filesystem::exists(p, error) || error; };
  expects<FileError>(folder.empty() || is_there(folder / "."), "fit_factors: ", folder.string(),
                     " is no directory; make it for the checkpoint first");
  if (!path.empty()) AtomicFile(settings.checkpoint);  // opened, and given up: better now than after the first epoch

  FactorizationPosition position;
  position.settings = model.named_settings();
  position.settings.emplace_back("users", std::to_string(interactions.users()));
  position.settings.emplace_back("items", std::to_string(interactions.items()));
  position.settings.emplace_back("interactions", std::to_string(interactions.entries()));
  std::optional<Model> best;
  if constexpr (validates) best.emplace(model);
  if (settings.resume && is_there(path))
    position = load_factors(path, model, best ? &*best : nullptr, position.settings);
  FitReport& report = position.report;
  const auto has_no_patience = [&] {
    return settings.stop_early.patience > 0 && position.epochs_without_gain >= settings.stop_early.patience;
  };
  report.stopped_early = has_no_patience();

  FitLog log({.curves = settings.curves, .tensorboard = settings.tensorboard, .progress = settings.progress},
             report.epochs);
  Progress<> progress(settings.progress, settings.epochs, 1);
  const SpaceOf<Model> executor;
  while (position.epoch() < settings.epochs && !report.stopped_early) {
    if (settings.stop.stop_requested()) {
      report.interrupted = true;
      break;
    }
    EpochRecord record;
    record.epoch = position.epoch() + 1;
    const auto start = Clock::now();
    record.loss = model.epoch(executor, interactions, position.epoch());
    executor.fence();
    record.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    record.examples_per_second = static_cast<double>(interactions.entries()) / std::max(1e-9, record.seconds);
    bool better = false;
    if constexpr (validates) {
      record.validation = static_cast<double>(validate(std::as_const(model)));
      expects<DataError>(math::is_finite(record.validation), "fit_factors: the validation value of epoch ",
                         record.epoch, " is ", record.validation);
      better = report.best_epoch == 0 || record.validation > report.best_value + settings.stop_early.least_gain;
      ++position.epochs_without_gain;
      if (better) {
        report.best_value = record.validation;
        report.best_epoch = record.epoch;
        *best = model;
        position.epochs_without_gain = 0;
      }
    }
    report.epochs.push_back(record);
    report.steps = position.epoch();
    report.stopped_early = has_no_patience();
    log.epoch(record);
    progress.epoch(record, better);
    if (settings.on_epoch) settings.on_epoch(record);
    if (!path.empty()) save_factors(path, std::as_const(model), best ? &std::as_const(*best) : nullptr, position);
  }
  if (best && report.best_epoch > 0 && !report.interrupted) model = *best;
  return report;
}

}  // namespace longshore::inline LONGSHORE_ABI
