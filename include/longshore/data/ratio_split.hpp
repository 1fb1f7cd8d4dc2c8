// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/part_sizes.hpp>
#include <longshore/data/split.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Splits a log by user and time: of each user's events the first are for training, then come validation and test, with
/// the sizes of `part_sizes`.
///
/// Cost: that of `histories`, and O(N log N) to sort the rows.
///
/// @param ties  which of two events with the same time stamp is later; results depend on it (`Ties`)
/// @throws ShapeError if a ratio is negative or that of training is 0
/// @throws ShapeError, DataError as `check_log`
inline Split ratio_split(const InteractionLog& log, const Ratios& ratios = {}, Ties ties = Ties::file_order) {
  part_sizes(0, ratios);  // refuses wrong ratios of an empty log too
  const Histories ordered = histories(log, ties);
  Split split;
  for (std::size_t user = 0; user + 1 < ordered.offsets.size(); ++user) {
    const std::size_t begin = ordered.offsets[user], end = ordered.offsets[user + 1];
    const PartSizes sizes = part_sizes(end - begin, ratios);
    for (std::size_t k = begin; k < end; ++k) {
      auto& part = k - begin < sizes.train                      ? split.train
                   : k - begin < sizes.train + sizes.validation ? split.validation
                                                                : split.test;
      part.push_back(ordered.rows[k]);
    }
  }
  std::ranges::sort(split.train);
  std::ranges::sort(split.validation);
  std::ranges::sort(split.test);
  return split;
}

}  // namespace longshore::inline LONGSHORE_ABI
