// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a training run stands: with the model and the optimiser's moments, all that a resumed run needs.
///
/// Cost: a few numbers and the curves so far.
struct TrainingPosition {
  std::int64_t epoch = 0;    // finished epochs, validation included
  std::int64_t batch = 0;    // finished batches of the epoch after them; at most `batches`
  std::int64_t batches = 0;  // of an epoch
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::uint64_t>> batch_source = {};  // its fingerprint, if it has one
  std::vector<std::pair<std::string, std::string>> settings = {};  // of optimiser and loss, and the user's own, by name
  std::int64_t epochs_without_gain = 0;
  std::int64_t examples = 0;  // in the finished batches of the current epoch
  double loss_sum = 0;        // over them
  double seconds = 0;         // spent on them
  double gradient_norm = 0;   // of the last of them, or of the epoch before
  FitReport report;

  /// How fast the finished batches of the current epoch were.
  double examples_per_second() const { return static_cast<double>(examples) / std::max(1e-9, seconds); }
};

}  // namespace longshore::inline LONGSHORE_ABI
