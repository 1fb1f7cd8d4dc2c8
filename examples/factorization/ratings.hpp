// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "tasks.hpp"

struct RatingSettings {
  std::size_t folds = 5;
  std::int64_t epochs = 0;  // 0: as many as Surprise takes
  bool published = false;
  bool sequential = false;  // the published order of the steps, on one thread
  std::uint64_t seed = 0;
  std::ostream* progress = nullptr;
};

/// Predicts the ratings of each fold from those of the others, and prints the errors' table: Surprise's protocol.
void compare_ratings(const ls::InteractionLog& log, const RatingSettings& settings, std::ostream& out);
