// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/random.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/part_sizes.hpp>
#include <longshore/data/split.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Splits a log by user at random: each user's events are shuffled and divided as `part_sizes` says. Time is ignored,
/// so that training may see what came after the test: for comparison with results that were measured this way.
///
/// The same log, ratios and seed give the same split; a user's part depends on the seed, the user's id and the number
/// of the user's events only.
///
/// Cost: that of `histories`, and O(N log N) to sort the rows.
///
/// @throws ShapeError if a ratio is negative or that of training is 0
/// @throws ShapeError, DataError as `check_log`
inline Split random_split(const InteractionLog& log, const Ratios& ratios, std::uint64_t seed) {
  part_sizes(0, ratios);  // refuses wrong ratios of an empty log too
  const Random random = Random(seed).stream("random_split");
  Histories ordered = histories(log);
  Split split;
  for (std::size_t user = 0; user + 1 < ordered.offsets.size(); ++user) {
    const std::size_t begin = ordered.offsets[user], count = ordered.offsets[user + 1] - begin;
    std::size_t* const rows = ordered.rows.data() + begin;
    std::sort(rows, rows + count);
    const Random draws = random.at(user);
    for (std::size_t left = count; left > 1; --left)
      std::swap(rows[left - 1], rows[static_cast<std::size_t>(draws.below(left, left))]);
    const PartSizes sizes = part_sizes(count, ratios);
    split.train.insert(split.train.end(), rows, rows + sizes.train);
    split.validation.insert(split.validation.end(), rows + sizes.train, rows + sizes.train + sizes.validation);
    split.test.insert(split.test.end(), rows + sizes.train + sizes.validation, rows + count);
  }
  std::ranges::sort(split.train);
  std::ranges::sort(split.validation);
  std::ranges::sort(split.test);
  return split;
}

}  // namespace longshore::inline LONGSHORE_ABI
