// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/select_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which of several events of one user with one item stays.
enum class Keep {
  first,      ///< the earliest; of several with its time stamp the first in the log
  last,       ///< the latest; of several with its time stamp the last in the log
  strongest,  ///< the one with the largest value; of several the latest, as `last`
};

/// Leaves one event of each pair of user and item. Deterministic. Cost: O(N log N).
///
/// @return  a new log with the events that stay, in their order; all users and items stay
/// @throws ShapeError, DataError as `check_log`
inline InteractionLog remove_duplicates(const InteractionLog& log, Keep keep = Keep::first) {
  check_log(log);
  std::vector<std::size_t> order(log.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto same_pair = [&](std::size_t a, std::size_t b) {
    return log.users.data()[a] == log.users.data()[b] && log.items.data()[a] == log.items.data()[b];
  };
  // Pairs together, and within a pair the event that stays in front.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (log.users.data()[a] != log.users.data()[b]) return log.users.data()[a] < log.users.data()[b];
    if (log.items.data()[a] != log.items.data()[b]) return log.items.data()[a] < log.items.data()[b];
    if (keep == Keep::strongest && log.values.data()[a] != log.values.data()[b])
      return log.values.data()[a] > log.values.data()[b];
    const bool before = log.times.data()[a] != log.times.data()[b] ? log.times.data()[a] < log.times.data()[b] : a < b;
    return a != b && before == (keep == Keep::first);
  });
  order.erase(std::unique(order.begin(), order.end(), same_pair), order.end());
  std::sort(order.begin(), order.end());
  return select_rows(log, order, Ids::keep);
}

}  // namespace longshore::inline LONGSHORE_ABI
