// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers users and items anew, in ascending order of their keys (`IdMap::ascending`). Works in place; names and
/// categories go with their items, the events keep their order.
///
/// Cost: O(N + U log U + I log I).
///
/// @throws ShapeError, DataError as `check_log`
inline void renumber(InteractionLog& log) {
  check_log(log);
  const auto renumber_column = [](xt::xtensor<Id, 1>& ids, const std::vector<Id>& order) {
    std::vector<Id> number(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) number[static_cast<std::size_t>(order[i])] = static_cast<Id>(i);
    for (Id& id : ids) id = number[static_cast<std::size_t>(id)];
  };
  const std::vector<Id> users = log.user_ids.ascending(), items = log.item_ids.ascending();
  const auto reorder = [&items](std::vector<std::string>& texts) {
    if (texts.empty()) return;
    std::vector<std::string> ordered;
    ordered.reserve(items.size());
    for (const Id item : items) ordered.push_back(std::move(texts[static_cast<std::size_t>(item)]));
    texts = std::move(ordered);
  };
  IdMap user_ids = log.user_ids.select(users), item_ids = log.item_ids.select(items);
  renumber_column(log.users, users);
  renumber_column(log.items, items);
  reorder(log.item_names);
  reorder(log.item_categories);
  log.user_ids = std::move(user_ids);
  log.item_ids = std::move(item_ids);
}

}  // namespace longshore::inline LONGSHORE_ABI
