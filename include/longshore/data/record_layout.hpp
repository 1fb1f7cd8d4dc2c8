// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/delimited_format.hpp>
#include <longshore/io/excerpt.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where in the records of a file the parts of an event are. Fields count from 0.
///
/// Cost: plain data.
struct RecordLayout {
  /// A further column to keep.
  struct Further {
    std::size_t field;
    std::string name;
    ReadSettings::ColumnKind kind;
  };

  DelimitedFormat format = {};
  bool has_header = false;  ///< whether the first record names the columns
  std::size_t user = 0, item = 1;
  std::optional<std::size_t> value = {}, time = {};
  std::vector<Further> further = {};

  /// Refuses a layout that may mean another column than the one that it has.
  ///
  /// @param names  of the columns of the file
  /// @throws DataError if a column that is used has the name of another one, or users and items are one column
  void check(std::span<const std::string> names) const {
    expects<DataError>(user != item, "expected users and items in two columns, both are ", excerpt(names[user]));
    const auto single = [&](std::size_t field) {
      expects<DataError>(std::ranges::count(names, names[field]) == 1, "expected one column ", excerpt(names[field]),
                         " in the header, got several");
    };
    single(user);
    single(item);
    if (value) single(*value);
    if (time) single(*time);
    for (const Further& column : further) single(column.field);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
