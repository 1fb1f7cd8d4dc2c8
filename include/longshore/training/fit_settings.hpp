// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include <longshore/optimizers/optimizer_settings.hpp>
#include <longshore/training/fit_report.hpp>
#include <longshore/training/progress.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// When to stop before the last epoch. The best weights are restored either way.
struct EarlyStopping {
  std::int64_t patience = 0;  // epochs in a row without a better validation value; 0: never stop early
  double least_gain = 0;      // what counts as better: more than this above the best value
};

/// How `fit` trains.
struct FitSettings {
  std::int64_t epochs = 20;
  std::uint64_t seed = 0;  // of dropout; batches have their own
  OptimizerSettings optimizer = {};
  EarlyStopping stop_early = {};
  std::filesystem::path checkpoint = {};   // written after each epoch and when stopped, to a directory that is there
  std::int64_t checkpoint_every = 0;       // and after so many steps; 0: not
  bool resume = false;                     // go on from the checkpoint, if the file is there
  std::filesystem::path curves = {};       // CSV, one line an epoch; empty: none
  std::filesystem::path tensorboard = {};  // folder of this run for TensorBoard event files; empty: none
  ProgressSettings progress = {};
  std::stop_token stop = {};  // ends the run after the current step, with a checkpoint; callbacks may ask, too
  std::function<void(const EpochRecord&)> on_epoch = {};             // after each epoch, before its checkpoint
  std::function<void(std::int64_t step, double loss)> on_step = {};  // after each step, from 0; waits for its loss

  /// @param validates  whether there is a validation
  /// @throws ShapeError for settings out of range, or that need another one
  void check(bool validates) const {
    expects(epochs >= 0, "fit: epochs is at least 0, it is ", epochs);
    expects(checkpoint_every >= 0, "fit: checkpoint_every is at least 0, it is ", checkpoint_every);
    expects(stop_early.patience >= 0, "fit: stop_early.patience is at least 0, it is ", stop_early.patience);
    check_not_negative("fit", "stop_early.least_gain", stop_early.least_gain);
    expects(validates || stop_early.patience == 0,
            "fit: stop_early needs a validation; pass a function that measures the model");
    expects(!checkpoint.empty() || (checkpoint_every == 0 && !resume), "fit: ", resume ? "resume" : "checkpoint_every",
            " needs a checkpoint; give its path");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
