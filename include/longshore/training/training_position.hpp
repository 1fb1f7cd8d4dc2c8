// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a training run stands: with the model and the optimiser's moments, all that a resumed run needs.
struct TrainingPosition {
  std::int64_t epoch = 0;    // finished epochs, validation included
  std::int64_t batch = 0;    // finished batches of the epoch after them; at most `batches`
  std::int64_t batches = 0;  // of an epoch
  std::uint64_t seed = 0;
  std::int64_t epochs_without_gain = 0;
  double loss_sum = 0;       // over the finished batches of the current epoch
  double seconds = 0;        // spent on them
  double gradient_norm = 0;  // of the last of them
  FitReport report;
};

}  // namespace longshore::inline LONGSHORE_ABI
