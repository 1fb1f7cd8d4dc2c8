// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What happens to the ids of users and items that lose their last event when a log is cleaned.
enum class Ids {
  compact,  ///< they go, and those that stay are numbered anew in the same order
  keep,     ///< all ids stay as they are
};

/// Makes the log of some events: what all cleaning ends in, and a way to make a log of a part of a split.
///
/// Keys, names, categories and further columns go with their ids and events. Times that only count the events of the
/// file (`has_times` false) keep their numbers. Cost: O(N + U + I).
///
/// @param rows  which events, in the order wanted; one may come several times
/// @param ids   whether users and items without events go
/// @return      a new log
/// @throws DataError if a row is outside the log
/// @throws ShapeError, DataError as `check_log`
inline InteractionLog select_rows(const InteractionLog& log, std::span<const std::size_t> rows,
                                  Ids ids = Ids::compact) {
  check_log(log);
  InteractionLog chosen;
  chosen.has_times = log.has_times;
  chosen.has_values = log.has_values;
  chosen.users = xt::xtensor<Id, 1>::from_shape({rows.size()});
  chosen.items = xt::xtensor<Id, 1>::from_shape({rows.size()});
  chosen.values = xt::xtensor<float, 1>::from_shape({rows.size()});
  chosen.times = xt::xtensor<Seconds, 1>::from_shape({rows.size()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t row = rows[i];
    expects<DataError>(row < log.size(), "select_rows: expected rows below ", log.size(), ", got ", row);
    chosen.users.data()[i] = log.users.data()[row];
    chosen.items.data()[i] = log.items.data()[row];
    chosen.values.data()[i] = log.values.data()[row];
    chosen.times.data()[i] = log.times.data()[row];
  }
  chosen.columns = log.columns.select(rows);
  if (ids == Ids::keep) {
    chosen.user_ids = log.user_ids;
    chosen.item_ids = log.item_ids;
    chosen.item_names = log.item_names;
    chosen.item_categories = log.item_categories;
    return chosen;
  }

  // Numbers the ids that are left anew; returns them as they were, in ascending order.
  const auto compact = [](xt::xtensor<Id, 1>& column, Id count) {
    std::vector<Id> number(static_cast<std::size_t>(count), -1), left;
    for (const Id id : column) number[static_cast<std::size_t>(id)] = 0;
    for (Id id = 0; id < count; ++id)
      if (number[static_cast<std::size_t>(id)] == 0) {
        number[static_cast<std::size_t>(id)] = static_cast<Id>(left.size());
        left.push_back(id);
      }
    for (Id& id : column) id = number[static_cast<std::size_t>(id)];
    return left;
  };
  const std::vector<Id> users = compact(chosen.users, log.user_count()),
                        items = compact(chosen.items, log.item_count());
  chosen.user_ids = log.user_ids.select(users);
  chosen.item_ids = log.item_ids.select(items);
  for (const Id item : items) {
    const auto i = static_cast<std::size_t>(item);
    if (!log.item_names.empty()) chosen.item_names.push_back(log.item_names[i]);
    if (!log.item_categories.empty()) chosen.item_categories.push_back(log.item_categories[i]);
  }
  return chosen;
}

}  // namespace longshore::inline LONGSHORE_ABI
