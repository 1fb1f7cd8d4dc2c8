// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include <longshore/training/checkpoint_path.hpp>
#include <longshore/training/early_stopping.hpp>
#include <longshore/training/fit_report.hpp>
#include <longshore/training/progress.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How `fit_factors` trains.
struct FactorizationSettings {
  std::int64_t epochs = 15;
  EarlyStopping stop_early = {};
  // Written before each validation, after each epoch and when stopped, to a directory that is there.
  std::filesystem::path checkpoint = {};
  bool resume = false;                     // go on from the checkpoint, if the file is there
  std::filesystem::path curves = {};       // CSV, one line an epoch; empty: none
  std::filesystem::path tensorboard = {};  // folder of this run for TensorBoard event files; empty: none
  ProgressSettings progress = {};
  // Ends the run after the current epoch, or before a validation, or in one that then throws `Interrupted`, as
  // `rank_factors` with this token; with a checkpoint. Callbacks may ask, too.
  std::stop_token stop = {};
  std::function<void(const EpochRecord&)> on_epoch = {};  // after each epoch, before its checkpoint

  /// @param validates  whether there is a validation
  /// @throws ShapeError for settings out of range, or that need another one
  void check(bool validates) const {
    expects(epochs >= 0, "fit_factors: epochs is at least 0, it is ", epochs);
    stop_early.check("fit_factors", validates);
    expects(!checkpoint.empty() || !resume, "fit_factors: resume needs a checkpoint; give its path");
    CheckpointPath::check("fit_factors", checkpoint, curves);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
