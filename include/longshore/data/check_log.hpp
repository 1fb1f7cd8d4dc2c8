// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/is_finite_value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Checks a log that a program has filled: every function that takes a log relies on what is checked here.
///
/// Cost: O(N).
///
/// @throws ShapeError if the columns differ in length, or names do not fit the number of items
/// @throws DataError  if an id is outside its table or a value is not finite; the text has the row
inline void check_log(const InteractionLog& log) {
  const auto expect_length = [&](std::size_t length, const char* name) {
    expects(length == log.size(), "check_log: expected ", name, " to have the length of users, ", log.size(), ", got ",
            length);
  };
  expect_length(log.items.size(), "items");
  expect_length(log.values.size(), "values");
  expect_length(log.times.size(), "times");
  if (log.columns.count() > 0) expect_length(log.columns.size(), "columns");
  const auto items = static_cast<std::size_t>(log.item_count());
  expects(log.item_names.empty() || log.item_names.size() == items, "check_log: expected ", items,
          " item_names, one an item, got ", log.item_names.size());
  expects(log.item_categories.empty() || log.item_categories.size() == items, "check_log: expected ", items,
          " item_categories, one an item, got ", log.item_categories.size());
  for (std::size_t row = 0; row < log.size(); ++row) {
    const Id user = log.users.data()[row], item = log.items.data()[row];
    expects<DataError>(user >= 0 && user < log.user_count(), "check_log: row ", row, " has the user ", user,
                       ", the table of users has ", log.user_count());
    expects<DataError>(item >= 0 && item < log.item_count(), "check_log: row ", row, " has the item ", item,
                       ", the table of items has ", log.item_count());
    expects<DataError>(is_finite_value(log.values.data()[row]), "check_log: row ", row, " has the value ",
                       log.values.data()[row], ", expected a finite one");
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
