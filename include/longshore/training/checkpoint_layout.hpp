// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <longshore/core/math.hpp>
#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What stands where in the tensors of a checkpoint that are no parameters and no moments.
///
/// Cost: of the curves O(epochs).
struct CheckpointLayout {
  /// `position.integers`
  struct Integers {
    enum : std::size_t {
      epoch,
      batch,
      batches,
      seed,  // its bits: may look negative
      epochs_without_gain,
      best_epoch,
      steps,
      optimizer_steps,
      examples,
      count
    };
  };
  /// `position.numbers`
  struct Numbers {
    enum : std::size_t { loss_sum, seconds, gradient_norm, best_value, count };
  };
  /// A row of `position.curve`, one for each epoch.
  struct Curve {
    enum : std::size_t {
      epoch,
      loss,
      validation,
      flags,  // 1: there was a validation, 2: there was no loss; NaN has no place in a file
      rate,
      gradient_norm,
      seconds,
      examples_per_second,
      count
    };
  };

  /// The curves of a run as numbers, row after row.
  static std::vector<double> curve(const std::vector<EpochRecord>& epochs) {
    std::vector<double> numbers(epochs.size() * Curve::count);
    for (std::size_t i = 0; i < epochs.size(); ++i) {
      const EpochRecord& record = epochs[i];
      const auto row = std::span(numbers).subspan(i * Curve::count, Curve::count);
      const bool measured = math::is_finite(record.validation);
      row[Curve::epoch] = static_cast<double>(record.epoch);
      const bool has_loss = math::is_finite(record.loss);
      row[Curve::loss] = has_loss ? record.loss : 0;
      row[Curve::validation] = measured ? record.validation : 0;
      row[Curve::flags] = (measured ? 1 : 0) + (has_loss ? 0 : 2);
      row[Curve::rate] = record.rate;
      row[Curve::gradient_norm] = record.gradient_norm;
      row[Curve::seconds] = record.seconds;
      row[Curve::examples_per_second] = record.examples_per_second;
    }
    return numbers;
  }

  /// The curves from such numbers; epochs are counted, not read.
  static std::vector<EpochRecord> epochs(std::span<const double> numbers) {
    std::vector<EpochRecord> records;
    for (; numbers.size() >= Curve::count; numbers = numbers.subspan(Curve::count)) {
      EpochRecord record;
      record.epoch = static_cast<std::int64_t>(records.size()) + 1;
      const auto flags = static_cast<int>(std::clamp(numbers[Curve::flags], 0.0, 3.0));
      record.loss = (flags & 2) != 0 ? std::numeric_limits<double>::quiet_NaN() : numbers[Curve::loss];
      if ((flags & 1) != 0) record.validation = numbers[Curve::validation];
      record.rate = numbers[Curve::rate];
      record.gradient_norm = numbers[Curve::gradient_norm];
      record.seconds = numbers[Curve::seconds];
      record.examples_per_second = numbers[Curve::examples_per_second];
      records.push_back(record);
    }
    return records;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
