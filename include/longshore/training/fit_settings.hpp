// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include <longshore/optimizers/optimizer.hpp>
#include <longshore/training/fit_report.hpp>
#include <longshore/training/progress.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// When to stop before the last epoch. The best weights are restored either way.
struct EarlyStopping {
  std::int64_t patience = 0;  // epochs without a better validation value; 0: never stop early
  double least_gain = 0;      // what counts as better
};

/// How `fit` trains.
struct FitSettings {
  std::int64_t epochs = 20;
  std::uint64_t seed = 0;             // of dropout; batches have their own
  OptimizerSettings optimizer = {};
  EarlyStopping stop_early = {};
  std::filesystem::path checkpoint = {};   // written after each epoch and when stopped; empty: none
  std::int64_t checkpoint_every = 0;       // and after so many steps; 0: not
  bool resume = false;                     // go on from the checkpoint, if the file is there
  std::filesystem::path curves = {};       // CSV, one line an epoch; empty: none
  std::filesystem::path tensorboard = {};  // folder for TensorBoard event files; empty: none
  ProgressSettings progress = {};
  std::stop_token stop = {};               // ends the run after the current step, with a checkpoint
  std::function<void(const EpochRecord&)> on_epoch = {};
  std::function<void(std::int64_t step, double loss)> on_step = {};  // waits for the loss of each step
};

}  // namespace longshore::inline LONGSHORE_ABI
