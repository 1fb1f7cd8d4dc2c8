// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/io/find_invalid_utf8.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/optimizers/optimizer_settings.hpp>
#include <longshore/training/checkpoint_path.hpp>
#include <longshore/training/early_stopping.hpp>
#include <longshore/training/fit_report.hpp>
#include <longshore/training/progress.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How `fit` trains.
struct FitSettings {
  std::int64_t epochs = 20;
  std::uint64_t seed = 0;  // of dropout; batches have their own
  OptimizerSettings optimizer = {};
  EarlyStopping stop_early = {};
  // Written before each validation, after each epoch and when stopped, to a directory that is there.
  std::filesystem::path checkpoint = {};
  std::int64_t checkpoint_every = 0;  // and after so many steps; 0: not
  bool resume = false;                // go on from the checkpoint, if the file is there
  bool resume_changed = false;        // also if optimiser, loss or configuration were others: these hold from now on
  // Choices of your own, {{"dropout", "0.2"}}: the checkpoint keeps them, and a run with others is not resumed. Of the
  // model's own settings only those are compared that you name here.
  std::vector<std::pair<std::string, std::string>> configuration = {};
  std::filesystem::path curves = {};       // CSV, one line an epoch; empty: none
  std::filesystem::path tensorboard = {};  // folder of this run for TensorBoard event files; empty: none
  ProgressSettings progress = {};
  // Ends the run after the current step, or before a validation, or in one that then throws `Interrupted`, as
  // `rank_model` with this token; with a checkpoint. Callbacks may ask, too.
  std::stop_token stop = {};
  std::function<void(const EpochRecord&)> on_epoch = {};             // after each epoch, before its checkpoint
  std::function<void(std::int64_t step, double loss)> on_step = {};  // after each step, from 0; waits for its loss

  /// @param validates  whether there is a validation
  /// @throws ShapeError for settings out of range, or that need another one
  void check(bool validates) const {
    expects(epochs >= 0, "fit: epochs is at least 0, it is ", epochs);
    expects(checkpoint_every >= 0, "fit: checkpoint_every is at least 0, it is ", checkpoint_every);
    stop_early.check("fit", validates);
    expects(!checkpoint.empty() || (checkpoint_every == 0 && !resume), "fit: ", resume ? "resume" : "checkpoint_every",
            " needs a checkpoint; give its path");
    expects(!resume_changed || resume, "fit: resume_changed needs resume");
    CheckpointPath::check("fit", checkpoint, curves);
    std::set<std::string_view> names;
    for (const auto& [name, text] : configuration) {
      const bool own = name == "loss" || name.starts_with("loss.") || name.starts_with("optimizer.");
      expects(!name.empty() && !own, "fit: configuration: the name ", in_quotes(name),
              " is empty, or one that the run itself uses");
      expects(names.insert(name).second, "fit: configuration: the name ", in_quotes(name), " is there twice");
      for (const std::string* part : {&name, &text})
        expects(find_invalid_utf8(*part) == std::string_view::npos, "fit: configuration: ", in_quotes(name), ", ",
                in_quotes(text), ", is not UTF-8");
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
