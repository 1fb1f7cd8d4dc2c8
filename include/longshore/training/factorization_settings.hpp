// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include <longshore/optimizers/check_rule.hpp>
#include <longshore/training/fit_settings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How `fit_factors` trains.
struct FactorizationSettings {
  std::int64_t epochs = 15;
  EarlyStopping stop_early = {};
  std::filesystem::path checkpoint = {};   // written after each epoch, to a directory that is there
  bool resume = false;                     // go on from the checkpoint, if the file is there
  std::filesystem::path curves = {};       // CSV, one line an epoch; empty: none
  std::filesystem::path tensorboard = {};  // folder of this run for TensorBoard event files; empty: none
  ProgressSettings progress = {};
  std::stop_token stop = {};                              // ends the run after the current epoch
  std::function<void(const EpochRecord&)> on_epoch = {};  // after each epoch, before its checkpoint

  /// @param validates  whether there is a validation
  /// @throws ShapeError for settings out of range, or that need another one
  void check(bool validates) const {
    expects(epochs >= 0, "fit_factors: epochs is at least 0, it is ", epochs);
    expects(stop_early.patience >= 0, "fit_factors: stop_early.patience is at least 0, it is ", stop_early.patience);
    check_not_negative("fit_factors", "stop_early.least_gain", stop_early.least_gain);
    expects(validates || stop_early.patience == 0,
            "fit_factors: stop_early needs a validation; pass a function that measures the model");
    expects(!checkpoint.empty() || !resume, "fit_factors: resume needs a checkpoint; give its path");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
