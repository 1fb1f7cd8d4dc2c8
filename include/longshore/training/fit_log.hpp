// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/io/csv_writer.hpp>
#include <longshore/io/tensorboard_writer.hpp>
#include <longshore/training/fit_settings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes the curves of a training run: a CSV file and TensorBoard events, as far as the settings ask for them.
///
/// Each run has a TensorBoard file of its own, which says from which epoch on it counts: where the folder holds files
/// of earlier runs, TensorBoard shows their epochs up to there, and this run's from there on. So a new run takes the
/// place of an old one in the same folder, as its CSV file does, but the old file stays; a resumed one goes on where
/// its checkpoint was. Runs that are compared have folders of their own.
///
/// Cost: a line and some events an epoch.
class FitLog {
 public:
  /// @param past  epochs of the run before it was resumed: the CSV file holds each epoch once, wherever the run was cut
  /// @throws FileError if a file cannot be written; DataError if the metric's name is not UTF-8
  FitLog(const FitSettings& settings, const std::vector<EpochRecord>& past)
      : validation_("validation/" + (settings.progress.metric.empty() ? "value" : settings.progress.metric)) {
    // Before the files of a run that went before are emptied.
    expects<DataError>(settings.tensorboard.empty() || find_invalid_utf8(validation_) == std::string_view::npos,
                       "fit: TensorBoard needs a name of the metric in UTF-8, ", in_quotes(validation_), " came");
    if (!settings.curves.empty()) {
      curves_.emplace(settings.curves, std::vector<std::string>{"epoch", "loss", "validation", "rate", "gradient_norm",
                                                                "seconds", "examples_per_second"});
      for (const EpochRecord& record : past) row(record);
    }
    if (!settings.tensorboard.empty()) board_.emplace(settings.tensorboard, static_cast<std::int64_t>(past.size()) + 1);
  }

  /// @throws FileError if a file cannot be written
  void epoch(const EpochRecord& record) {
    if (curves_) row(record);
    if (!board_) return;
    if (record.has_loss()) board_->scalar("loss/train", record.loss, record.epoch);
    if (math::is_finite(record.validation)) board_->scalar(validation_, record.validation, record.epoch);
    board_->scalar("rate", record.rate, record.epoch);
    board_->scalar("gradient_norm", record.gradient_norm, record.epoch);
    board_->scalar("examples_per_second", record.examples_per_second, record.epoch);
    board_->flush();
  }

 private:
  void row(const EpochRecord& record) {
    curves_->row(record.epoch, record.loss, record.validation, record.rate, record.gradient_norm, record.seconds,
                 record.examples_per_second);
  }

  std::string validation_;
  std::optional<CsvWriter> curves_;
  std::optional<TensorboardWriter> board_;
};

}  // namespace longshore::inline LONGSHORE_ABI
