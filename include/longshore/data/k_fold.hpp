// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/split.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Divides all events of a log at random into folds for cross-validation of ratings: split k tests on fold k and trains
/// on the others. The folds' sizes differ by at most one. Time and users are ignored.
///
/// Cost: O(N folds + N log N), and 8 N bytes for each fold.
///
/// @return  (folds) splits without validation
/// @throws ShapeError if there are fewer than two folds, or more folds than events
inline std::vector<Split> k_fold(const InteractionLog& log, std::size_t folds, std::uint64_t seed) {
  expects(folds >= 2 && folds <= log.size(), "k_fold: expected 2 to ", log.size(), " folds, the number of events, got ",
          folds);
  std::vector<std::size_t> rows(log.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Random random = Random(seed).stream("k_fold");
  for (std::size_t left = rows.size(); left > 1; --left)
    std::swap(rows[left - 1], rows[static_cast<std::size_t>(random.below(left, left))]);

  std::vector<Split> splits(folds);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t k = 0; k < folds; ++k) (i % folds == k ? splits[k].test : splits[k].train).push_back(rows[i]);
  for (Split& split : splits) {
    std::ranges::sort(split.train);
    std::ranges::sort(split.test);
  }
  return splits;
}

}  // namespace longshore::inline LONGSHORE_ABI
