// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/columns.hpp>
#include <longshore/data/id_map.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Who did something with what, and when: one row an event, in the order of the file, in columns.
///
/// N events, U users, I items. Plain data: readers fill it, programs may fill it too (see `check_log`). 20 bytes an
/// event, beside the id maps, names and columns that users add.
///
/// Cost: 20 bytes an event.
struct InteractionLog {
  xt::xtensor<Id, 1> users = xt::xtensor<Id, 1>::from_shape({0});            // (N) 0 <= user < U
  xt::xtensor<Id, 1> items = xt::xtensor<Id, 1>::from_shape({0});            // (N) 0 <= item < I
  xt::xtensor<float, 1> values = xt::xtensor<float, 1>::from_shape({0});     // (N) rating or weight; 1 where unknown
  xt::xtensor<Seconds, 1> times = xt::xtensor<Seconds, 1>::from_shape({0});  // (N) 0, 1, 2, ... where unknown
  IdMap user_ids = IdMap("users");                                           // U original keys
  IdMap item_ids = IdMap("items");                                           // I original keys
  std::vector<std::string> item_names;                                       // (I) UTF-8 titles, or empty where unknown
  std::vector<std::string> item_categories;  // (I) names of categories, '|' between them, or empty where unknown
  Columns columns;                           // (N) further columns, one entry an event
  bool has_times = false;                    // whether the times are time stamps
  bool has_values = false;                   // whether the values came with the events

  /// The number of events, N.
  std::size_t size() const { return users.size(); }

  /// The number of users U, those without events included.
  Id user_count() const { return user_ids.size(); }

  /// The number of items I, those without events included.
  Id item_count() const { return item_ids.size(); }
};

}  // namespace longshore::inline LONGSHORE_ABI
