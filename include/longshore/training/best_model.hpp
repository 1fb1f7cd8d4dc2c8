// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/core/math.hpp>
#include <longshore/training/early_stopping.hpp>
#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The best model of a run so far, and when a run has no patience left: what `fit` and `fit_factors` have in common.
///
/// Positions are those of either, with a `report` and `epochs_without_gain`.
///
/// Cost: one more model if there is a validation, else nothing.
template <class Model>
class BestModel {
 public:
  /// @param verb       who asks, in the words of errors
  /// @param validates  whether there is a validation; without one there is no best model, and no run ends early
  BestModel(std::string_view verb, const Model& model, const EarlyStopping& stop_early, bool validates)
      : verb_(verb), stop_early_(stop_early) {
    if (validates) best_.emplace(model);
  }

  /// Where it is, to be read from a checkpoint and written to one; null without a validation.
  Model* get() { return best_ ? &*best_ : nullptr; }

  /// Notes an epoch in the report, and its model if that is the best so far.
  ///
  /// @param value  of the validation; not read without one
  /// @return       whether it is the best so far
  /// @throws DataError if the value is not finite: nothing is noted then
  template <class Position>
  bool end_epoch(const Model& model, EpochRecord record, double value, Position& position) {
    FitReport& report = position.report;
    bool better = false;
    if (best_) {
      record.validation = value;
      expects<DataError>(math::is_finite(value), verb_, ": the validation value of epoch ", record.epoch, " is ",
                         value);
      better = report.best_epoch == 0 || value > report.best_value + stop_early_.least_gain;
      ++position.epochs_without_gain;
      if (better) {
        report.best_value = value;
        report.best_epoch = record.epoch;
        *best_ = model;
        position.epochs_without_gain = 0;
      }
    }
    report.epochs.push_back(record);
    report.stopped_early = has_no_patience(position);
    return better;
  }

  /// Whether so many epochs in a row were no gain that training ends.
  template <class Position>
  bool has_no_patience(const Position& position) const {
    return best_ && stop_early_.patience > 0 && position.epochs_without_gain >= stop_early_.patience;
  }

  /// Puts the best weights into the model, in the memory that it has, if an epoch was the best.
  void restore(Model& model, const FitReport& report) const {
    if (best_ && report.best_epoch > 0) model = *best_;
  }

 private:
  std::string_view verb_;
  EarlyStopping stop_early_;
  std::optional<Model> best_;
};

}  // namespace longshore::inline LONGSHORE_ABI
