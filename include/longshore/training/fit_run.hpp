// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/training.hpp>
#include <longshore/models/check_batch.hpp>
#include <longshore/training/best_model.hpp>
#include <longshore/training/checkpoint.hpp>
#include <longshore/training/checkpoint_path.hpp>
#include <longshore/training/fit_log.hpp>
#include <longshore/training/fit_settings.hpp>
#include <longshore/training/loss_of.hpp>
#include <longshore/training/named_settings.hpp>
#include <longshore/training/prefetch.hpp>
#include <longshore/training/progress.hpp>
#include <longshore/training/validation_value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Adds the loss of a step to a sum in device memory, so that nothing waits for it.
template <class Real>
struct AddLoss {
  static inline const std::string label = "longshore::add_loss";
  const Real* loss;
  double* sum;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t) const { sum[0] += static_cast<double>(loss[0]); }
};

/// The state of a training run, and its steps: what `fit` does.
///
/// Cost: see `fit`.
template <class Model, BatchSource Batches, class Loss, class Rule, class Validate>
class FitRun {
 public:
  static constexpr bool validates = !std::is_same_v<Validate, NoValidation>;

  /// Goes on from the checkpoint where the settings say so.
  ///
  /// @throws DataError if there are no batches; FileError if the checkpoint cannot be written; and as `load_checkpoint`
  FitRun(Model& model, const Batches& batches, const Loss& loss, const Rule& rule, const FitSettings& settings,
         const Validate& validate)
      : model_(model),
        batches_(batches),
        loss_(loss),
        settings_(settings),
        validate_(validate),
        optimizer_(model, rule, settings.optimizer),
        context_(std::as_const(model), Random(settings.seed).stream("fit"), Space(), optimizer_.left_out()),
        best_("fit", model, settings.stop_early, validates),
        loss_sum_(1) {
    position_.seed = settings_.seed;
    position_.batches = static_cast<std::int64_t>(batches_.size());
    expects<DataError>(position_.batches > 0, "fit: there are no batches");
    if constexpr (requires { batches_.fingerprint(); })
      if (!settings_.checkpoint.empty()) position_.batch_source = batches_.fingerprint();
    position_.settings = named_settings(loss, rule, settings_);
    const CheckpointPath checkpoint("fit", settings_.checkpoint);
    if (settings_.resume && checkpoint.is_there()) resume();
  }

  /// Trains to the end, or until it is stopped.
  FitReport operator()() {
    FitLog log(settings_, report().epochs);
    Progress<> progress(settings_.progress, settings_.epochs, position_.batches);
    Prefetch<Batches> next(batches_, static_cast<std::size_t>(position_.epoch),
                           static_cast<std::size_t>(position_.batch), static_cast<std::size_t>(settings_.epochs));
    while (position_.epoch < settings_.epochs && !report().stopped_early) {
      const bool trained = train_epoch(next, progress);
      if (!trained || validates) save();  // a validation may take long
      if (trained && validates) progress.validating(position_.epoch + 1, mean_loss());
      const auto stop = validates ? settings_.stop : std::stop_token();
      const auto value = trained ? validation_value(validate_, std::as_const(model_), stop) : std::nullopt;
      if (!value) {
        report().interrupted = true;
        break;
      }
      const bool better = end_epoch(*value);
      log.epoch(report().epochs.back());
      progress.epoch(report().epochs.back(), better);
      if (settings_.on_epoch) settings_.on_epoch(report().epochs.back());
      save();
    }
    report().scratch_bytes = context_.high_water();
    if (!report().interrupted) best_.restore(model_, report());
    return report();
  }

 private:
  using Space = SpaceOf<Model>;
  using Clock = std::chrono::steady_clock;

  FitReport& report() { return position_.report; }
  double mean_loss() const { return position_.loss_sum / static_cast<double>(position_.batches); }

  /// @throws DataError saying at which step, if one was refused
  void check() {
    try {
      optimizer_.check();
    } catch (const DataError& error) {
      const std::int64_t step = optimizer_.steps();  // all that were not refused
      throw DataError(text_of("fit: step ", step, ", in epoch ", step / position_.batches + 1, ": ", error.what()));
    }
  }

  void resume() {
    const auto settings = position_.settings;
    if (settings_.resume_changed) position_.settings.clear();  // nothing to compare with
    position_ = load_checkpoint(settings_.checkpoint, model_, best_.get(), optimizer_, position_);
    position_.settings = settings;
    report().stopped_early = best_.has_no_patience(position_);
  }

  void save() {
    if (!settings_.checkpoint.empty())
      save_checkpoint<Model>(settings_.checkpoint, model_, best_.get(), optimizer_, position_);
  }

  /// Takes the steps that the epoch still has.
  ///
  /// @return  false if a stop was requested before its end
  bool train_epoch(Prefetch<Batches>& next, Progress<>& progress) {
    const double seconds_before = position_.seconds;
    bool stepped = false;
    const auto start = Clock::now();
    copy_from_host(std::vector<double>{position_.loss_sum}, loss_sum_.view());
    const auto take_stock = [&] {
      check();
      position_.loss_sum = copy_to_host(loss_sum_.view())[0];
      if (stepped) position_.gradient_norm = optimizer_.status().norm;
      position_.seconds = seconds_before + std::chrono::duration<double>(Clock::now() - start).count();
    };
    while (!settings_.stop.stop_requested()) {
      auto* made = next();
      if (!made) {
        take_stock();
        return true;
      }
      take_step(*made);
      stepped = true;
      position_.examples += made->size();
      ++report().steps;
      ++position_.batch;
      // Elsewhere it would have to wait: there it looks from time to time, and no step after a refused one is taken.
      if (launches_block<Space> || position_.batch % 50 == 0) check();
      if (settings_.checkpoint_every > 0 && report().steps % settings_.checkpoint_every == 0) {
        take_stock();
        save();
      }
      if (progress.is_due()) {
        take_stock();
        progress.step(position_.epoch + 1, position_.batch, position_.loss_sum / static_cast<double>(position_.batch),
                      position_.examples_per_second());
      }
    }
    take_stock();
    return false;
  }

  void take_step(const typename Batches::batch_type& made) {
    context_.reset();
    context_.set_step(static_cast<std::uint64_t>(report().steps));
    constexpr bool ready_made = std::is_same_v<typename Batches::batch_type, Batch<Kokkos::DefaultHostExecutionSpace>>;
    if constexpr (ready_made) check_next(made);
    if constexpr (ready_made && !std::is_same_v<Space, Kokkos::DefaultHostExecutionSpace>) {
      copy_batch(made, on_device_);
      step_with(on_device_);
    } else {
      step_with(made);
    }
  }

  template <class Made>
  void check_next(const Made& made) const {
    try {
      check_batch(model_, made, "fit");
    } catch (const DataError& error) {
      throw DataError(text_of(error.what(), ", in batch ", position_.batch + 1, " of epoch ", position_.epoch + 1));
    }
  }

  template <class Examples>
  void step_with(const Examples& batch) {
    const auto value = loss_of(context_, std::as_const(model_), loss_, batch);
    using Real = std::remove_cvref_t<decltype(*value.data.data())>;
    context_.backward(value);
    optimizer_.step(model_, context_, value);
    for_each(context_.executor(), 1, AddLoss<Real>{value.data.data(), loss_sum_.data()});
    if (settings_.on_step) settings_.on_step(report().steps, static_cast<double>(copy_to_host(value.data)[0]));
  }

  /// Notes the epoch.
  ///
  /// @return  whether its validation value is the best so far
  bool end_epoch(double value) {
    const EpochRecord record{.epoch = position_.epoch + 1,
                             .loss = mean_loss(),
                             .rate = optimizer_.rate(optimizer_.steps() - 1),
                             .gradient_norm = position_.gradient_norm,
                             .seconds = position_.seconds,
                             .examples_per_second = position_.examples_per_second()};
    const bool better = best_.end_epoch(model_, record, value, position_);
    ++position_.epoch;
    position_.batch = position_.examples = 0;
    position_.loss_sum = position_.seconds = 0;
    return better;
  }

  Model& model_;
  const Batches& batches_;
  const Loss& loss_;
  const FitSettings& settings_;
  const Validate& validate_;
  Optimizer<Rule, Space> optimizer_;  // before the context, which leaves out what its groups freeze
  Training<Space> context_;
  BestModel<Model> best_;
  TrainingPosition position_;
  Tensor<double, 1, Space> loss_sum_;
  Batch<Space> on_device_;
};

}  // namespace longshore::inline LONGSHORE_ABI
