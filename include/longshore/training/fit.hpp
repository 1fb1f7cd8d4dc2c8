// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/training.hpp>
#include <longshore/io/csv_writer.hpp>
#include <longshore/io/tensorboard_writer.hpp>
#include <longshore/training/checkpoint.hpp>
#include <longshore/training/fit_settings.hpp>
#include <longshore/training/prefetch.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adds the loss of a step to a sum in device memory, so that nothing waits for it.
template <class Real>
struct AddLoss {
  static inline const std::string label = "longshore::add_loss";
  const Real* loss;
  double* sum;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t) const { sum[0] += static_cast<double>(loss[0]); }
};

/// The loss of a batch: `loss(context, model, batch)` where a loss takes the model, else the loss of the model's scores.
template <class Context, class Model, class Loss, class Examples>
auto loss_of(Context& context, const Model& model, const Loss& loss, const Examples& batch) {
  if constexpr (requires { loss(context, model, batch); })
    return loss(context, model, batch);
  else
    return loss(context, model(context, batch), batch);
}

/// No validation: the last weights are kept.
struct NoValidation {
  double operator()(const auto&) const { return 0; }
};

/// Trains a model.
///
///     auto report = ls::fit(model, batches, ls::BinaryCrossEntropy{}, ls::Adam{.rate = 1e-3}, {.epochs = 20, ...},
///                           [&](const auto& model) { return validation_ndcg(model); });
///
/// Batches are made on a thread of their own, in an order that depends on the seed only. After each epoch `validate` measures
/// the model (greater is better); the best weights are restored at the end. Equal inputs and seeds give equal bits at any
/// number of threads, and a run that is resumed from its checkpoint, mid-epoch too, equals one that never stopped.
///
/// @param batches   a BatchSource; `fit` looks at `size()` of a batch, model and loss at the rest
/// @param loss      called as loss(context, model, batch) or loss(context, scores, batch); gives a Value of one element
/// @param rule      Sgd, Adam, AdamW or Adagrad
/// @param validate  called as validate(const model) after each epoch
/// @return          what happened, epoch by epoch
/// @throws DataError  if a gradient is not finite: the step is refused, the model is as before it
/// @throws FileError  if a checkpoint or log cannot be written or read
template <class Model, BatchSource Batches, class Loss, class Rule, class Validate = NoValidation>
FitReport fit(Model& model, const Batches& batches, const Loss& loss, const Rule& rule, const FitSettings& settings = {},
              const Validate& validate = {}) {
  using Space = SpaceOf<Model>;
  using Clock = std::chrono::steady_clock;
  constexpr bool validates = !std::is_same_v<Validate, NoValidation>;
  expects(settings.epochs >= 0, "fit: epochs is at least 0, it is ", settings.epochs);
  expects<DataError>(batches.size() > 0, "fit: there are no batches");

  Optimizer<Rule, Space> optimizer(model, rule, settings.optimizer);
  Training<Space> context(std::as_const(model), Random(settings.seed).stream("fit"));
  TrainingPosition position;
  position.seed = settings.seed;
  Model best = model;
  const bool keeps = !settings.checkpoint.empty();
  const bool resumes = keeps && settings.resume && std::filesystem::exists(settings.checkpoint);
  if (resumes) {
    position = load_checkpoint(settings.checkpoint, model, best, optimizer);
    expects<FileError>(position.seed == settings.seed, settings.checkpoint.string(), ": the run had seed ",
                       position.seed, ", this one has ", settings.seed);
  }
  FitReport& report = position.report;
  const auto steps = static_cast<std::int64_t>(batches.size());
  Progress progress(settings.progress, settings.epochs, steps);
  std::optional<CsvWriter> curves;
  if (!settings.curves.empty())
    curves.emplace(settings.curves,
                   std::vector<std::string>{"epoch", "loss", "validation", "rate", "gradient_norm", "seconds"},
                   CsvWriterSettings{.append = resumes});
  std::optional<TensorboardWriter> board;
  if (!settings.tensorboard.empty()) board.emplace(settings.tensorboard);

  Tensor<double, 1, Space> loss_sum(1);
  Batch<Space> on_device;
  const auto checkpoint = [&] {
    if (keeps) save_checkpoint(settings.checkpoint, std::as_const(model), std::as_const(best), optimizer, position);
  };
  const auto stopping = [&] { return settings.stop.stop_requested(); };

  while (position.epoch < settings.epochs && !report.stopped_early && !report.interrupted) {
    const std::int64_t epoch = position.epoch + 1;
    std::int64_t examples = 0;
    double seconds_before = position.seconds;
    auto start = Clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    copy_from_host(std::vector<double>{position.loss_sum}, loss_sum.view());
    Prefetch<Batches> next(batches, static_cast<std::size_t>(position.epoch), static_cast<std::size_t>(position.batch));
    while (auto* made = next()) {
      context.reset();
      context.set_step(static_cast<std::uint64_t>(report.steps));
      const auto take_step = [&](const auto& batch) {
        const auto value = loss_of(context, std::as_const(model), loss, batch);
        context.backward(value);
        optimizer.step(model, context);
        for_each(context.executor(), 1,
                 AddLoss<std::remove_cvref_t<decltype(*value.data.data())>>{value.data.data(), loss_sum.data()});
        examples += batch.size();
        if (settings.on_step) settings.on_step(report.steps, static_cast<double>(copy_to_host(value.data)[0]));
      };
      if constexpr (std::is_same_v<typename Batches::batch_type, Batch<Kokkos::DefaultHostExecutionSpace>> &&
                    !std::is_same_v<Space, Kokkos::DefaultHostExecutionSpace>) {
        copy_batch(*made, on_device);
        take_step(on_device);
      } else {
        take_step(*made);
      }
      ++report.steps;
      ++position.batch;
      if (is_host_space<Space> || position.batch % 50 == 0) optimizer.check();
      const bool pauses = settings.checkpoint_every > 0 && report.steps % settings.checkpoint_every == 0;
      if (pauses || (stopping() && position.batch < steps)) {
        position.loss_sum = copy_to_host(loss_sum.view())[0];
        position.seconds = seconds_before + elapsed();
        checkpoint();
        if (stopping() && position.batch < steps) {
          report.interrupted = true;
          break;
        }
      }
      if (settings.progress.out && settings.progress.terminal)
        progress.step(epoch, position.batch,
                      is_host_space<Space> ? *loss_sum.data() / static_cast<double>(position.batch) : 0,
                      static_cast<double>(examples) / elapsed());
    }
    if (report.interrupted) break;
    optimizer.check();

    EpochRecord record;
    record.epoch = epoch;
    record.loss = copy_to_host(loss_sum.view())[0] / static_cast<double>(steps);
    record.gradient_norm = optimizer.status().norm;
    record.rate = optimizer.rate();
    record.seconds = seconds_before + elapsed();
    record.examples_per_second = static_cast<double>(examples) / std::max(1e-9, elapsed());
    bool better = !validates;
    if constexpr (validates) {
      record.validation = static_cast<double>(validate(std::as_const(model)));
      expects<DataError>(record.validation == record.validation, "fit: the validation value of epoch ", epoch,
                         " is not a number");
      better = record.validation > report.best_value + (report.best_epoch > 0 ? settings.stop_early.least_gain : 0);
      if (better) {
        report.best_value = record.validation;
        report.best_epoch = epoch;
        best = model;
        position.epochs_without_gain = 0;
      } else {
        ++position.epochs_without_gain;
      }
    }
    report.epochs.push_back(record);
    position.epoch = epoch;
    position.batch = 0;
    position.loss_sum = position.seconds = 0;
    if (curves) curves->row(record.epoch, record.loss, record.validation, record.rate, record.gradient_norm, record.seconds);
    if (board) {
      board->scalar("loss/train", record.loss, epoch);
      if (validates) board->scalar("validation/" + settings.progress.metric, record.validation, epoch);
      board->scalar("rate", record.rate, epoch);
      board->flush();
    }
    progress.epoch(record, validates && better);
    if (settings.on_epoch) settings.on_epoch(record);
    report.stopped_early = validates && settings.stop_early.patience > 0 &&
                           position.epochs_without_gain >= settings.stop_early.patience;
    report.interrupted = stopping() && position.epoch < settings.epochs && !report.stopped_early;
    checkpoint();
  }
  report.scratch_bytes = context.high_water();
  if (validates && report.best_epoch > 0 && !report.interrupted) model = best;
  return report;
}

}  // namespace longshore::inline LONGSHORE_ABI
