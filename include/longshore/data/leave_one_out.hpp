// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/split.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Splits a log by user: the last event is for the test, the last but one for validation, all others for training.
/// Users with fewer than three events are for training only.
///
/// Cost: that of `histories`, and O(N log N) to sort the rows.
///
/// @param ties  which of two events with the same time stamp is later; results depend on it (`Ties`)
/// @throws ShapeError, DataError as `check_log`
inline Split leave_one_out(const InteractionLog& log, Ties ties = Ties::file_order) {
  const Histories ordered = histories(log, ties);
  Split split;
  for (std::size_t user = 0; user + 1 < ordered.offsets.size(); ++user) {
    const std::size_t begin = ordered.offsets[user], end = ordered.offsets[user + 1];
    const bool is_long = end - begin >= 3;
    for (std::size_t k = begin; k < end; ++k) {
      if (is_long && k + 1 == end) {
        split.test.push_back(ordered.rows[k]);
      } else if (is_long && k + 2 == end) {
        split.validation.push_back(ordered.rows[k]);
      } else {
        split.train.push_back(ordered.rows[k]);
      }
    }
  }
  std::ranges::sort(split.train);
  std::ranges::sort(split.validation);
  std::ranges::sort(split.test);
  return split;
}

}  // namespace longshore::inline LONGSHORE_ABI
