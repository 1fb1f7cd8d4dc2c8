// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/select_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How many events users and items need to stay in a log; 0 and 1 ask for nothing.
struct CoreSize {
  Id user_events = 5;
  Id item_events = 5;
  Ids ids = Ids::compact;
};

/// Removes users and items with too few events, again and again until all that are left have enough: the largest such
/// part of the log, whatever the order of removal. Several events of one pair count each.
///
/// Cost: O(N + U + I): every event is removed once.
///
/// @return  a new log with the events that stay, in their order
/// @throws ShapeError if a size is negative
/// @throws DataError  if no event is left
/// @throws ShapeError, DataError as `check_log`
inline InteractionLog k_core(const InteractionLog& log, const CoreSize& size = {}) {
  check_log(log);
  expects(size.user_events >= 0 && size.item_events >= 0, "k_core: expected sizes of at least 0, got user_events ",
          size.user_events, " and item_events ", size.item_events);

  // Users and items are the nodes of a graph, 0 .. U-1 and U .. U+I-1, and events its edges.
  const auto users = static_cast<std::size_t>(log.user_count()), items = static_cast<std::size_t>(log.item_count());
  const auto user_of = [&](std::size_t row) { return static_cast<std::size_t>(log.users.data()[row]); };
  const auto item_of = [&](std::size_t row) { return users + static_cast<std::size_t>(log.items.data()[row]); };
  std::vector<std::size_t> offsets(users + items + 1, 0), left(users + items, 0);
  for (std::size_t row = 0; row < log.size(); ++row) {
    ++left[user_of(row)];
    ++left[item_of(row)];
  }
  for (std::size_t node = 0; node < left.size(); ++node) offsets[node + 1] = offsets[node] + left[node];
  std::vector<std::size_t> edges(2 * log.size()), next(offsets.begin(), offsets.end() - 1);
  for (std::size_t row = 0; row < log.size(); ++row) {
    edges[next[user_of(row)]++] = row;
    edges[next[item_of(row)]++] = row;
  }

  const auto needed = [&](std::size_t node) {
    return static_cast<std::size_t>(node < users ? size.user_events : size.item_events);
  };
  std::vector<bool> stays(log.size(), true), doomed(left.size(), false);
  std::vector<std::size_t> waiting;
  const auto look_at = [&](std::size_t node) {
    if (doomed[node] || left[node] >= needed(node)) return;
    doomed[node] = true;
    waiting.push_back(node);
  };
  for (std::size_t node = 0; node < left.size(); ++node) look_at(node);
  while (!waiting.empty()) {
    const std::size_t node = waiting.back();
    waiting.pop_back();
    for (std::size_t k = offsets[node]; k < offsets[node + 1]; ++k) {
      const std::size_t row = edges[k];
      if (!stays[row]) continue;
      stays[row] = false;
      for (const std::size_t end : {user_of(row), item_of(row)}) {
        --left[end];
        look_at(end);
      }
    }
  }

  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < log.size(); ++row)
    if (stays[row]) rows.push_back(row);
  expects<DataError>(!rows.empty(), "k_core: nothing is left of ", log.size(), " events when each user needs ",
                     size.user_events, " and each item ", size.item_events);
  return select_rows(log, rows, size.ids);
}

}  // namespace longshore::inline LONGSHORE_ABI
