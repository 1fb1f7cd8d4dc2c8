// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/part_sizes.hpp>
#include <longshore/data/split.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Splits a log at two points in time, the same for all users: the one split in which training knows nothing of the
/// future. Events with the same time stamp are never parted.
///
/// Cost: O(N).
///
/// @param validation_from  the first second of validation; earlier events are for training
/// @param test_from        the first second of the test
/// @throws ShapeError if the test begins before the validation
/// @throws DataError  if the log has no time stamps (`has_times`)
/// @throws ShapeError, DataError as `check_log`
inline Split global_time_split(const InteractionLog& log, Seconds validation_from, Seconds test_from) {
  check_log(log);
  expects(validation_from <= test_from,
          "global_time_split: expected the test to begin with or after the validation, at ", validation_from, ", got ",
          test_from);
  expects<DataError>(log.has_times, "global_time_split: expected a log with time stamps, got one without");
  Split split;
  for (std::size_t row = 0; row < log.size(); ++row) {
    const Seconds time = log.times.data()[row];
    (time < validation_from ? split.train : time < test_from ? split.validation : split.test).push_back(row);
  }
  return split;
}

/// The same at the points that give the parts their shares: as near as time stamps allow, since events that share the
/// second of a point all go to the later part.
///
/// @throws ShapeError if a ratio is negative or that of training is 0
/// @throws DataError  if nothing is left for training, because the earliest events share one second
inline Split global_time_split(const InteractionLog& log, const Ratios& ratios = {}) {
  const PartSizes sizes = part_sizes(log.size(), ratios);
  std::vector<Seconds> times(log.times.begin(), log.times.end());
  std::ranges::sort(times);
  const auto point = [&](std::size_t events) {
    return events < times.size() ? times[events] : std::numeric_limits<Seconds>::max();
  };
  Split split = global_time_split(log, point(sizes.train), point(sizes.train + sizes.validation));
  expects<DataError>(!split.train.empty() || log.size() == 0,
                     "global_time_split: nothing is left for training, the first ", sizes.train + 1,
                     " events share one second");
  return split;
}

}  // namespace longshore::inline LONGSHORE_ABI
