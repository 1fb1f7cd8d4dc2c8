// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <longshore/core/math.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One epoch of a training run.
struct EpochRecord {
  std::int64_t epoch = 0;                                        // from 1
  double loss = 0;                                               // mean over the steps; NaN: not computed
  double validation = std::numeric_limits<double>::quiet_NaN();  // of the validation metric; NaN: not measured
  double rate = 0;                                               // learning rate of the last step
  double gradient_norm = 0;                                      // of the last step, before clipping
  double seconds = 0;                                            // training only
  double examples_per_second = 0;

  /// Whether a loss was computed, finite or not.
  bool has_loss() const { return math::is_finite(loss) || math::size_of(loss) > 1; }
};

/// What `fit` did.
///
/// Cost: one record an epoch.
struct FitReport {
  std::vector<EpochRecord> epochs;
  std::int64_t best_epoch = 0;  // whose weights the model has, unless interrupted; 0: the last ones
  double best_value = -std::numeric_limits<double>::infinity();
  std::int64_t steps = 0;    // all that were taken, those before a resumption too
  bool interrupted = false;  // a stop was requested; a checkpoint, if asked for, was written
  bool stopped_early = false;
  std::size_t scratch_bytes = 0;  // high-water mark of the context's arenas

  /// Time spent on training, without validation.
  double seconds() const {
    double sum = 0;
    for (const EpochRecord& record : epochs) sum += record.seconds;
    return sum;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
