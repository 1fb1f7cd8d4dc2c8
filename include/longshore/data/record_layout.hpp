// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/delimited_format.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/read_limits.hpp>
#include <longshore/io/record_error.hpp>
#include <longshore/io/text_stream.hpp>

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
  /// @param first  record of the file, for the place of the fault
  /// @throws RecordError if a column that is used has the name of another one, or users and items are one column
  void check(std::span<const std::string> names, std::string_view first) const {
    if (user == item) refuse(first, user, "expected users and items in two columns, both are ", excerpt(names[user]));
    const auto single = [&](std::size_t field) {
      std::size_t last = names.size() - 1;
      while (names[last] != names[field]) --last;
      const auto count = std::ranges::count(names, names[field]);
      if (count > 1) refuse(first, last, "expected one column ", excerpt(names[field]), " in the header, got several");
    };
    single(user);
    single(item);
    if (value) single(*value);
    if (time) single(*time);
    for (const Further& column : further) single(column.field);
  }

  /// Throws with the place of a field of a record.
  ///
  /// @throws RecordError always
  template <class... Parts>
  [[noreturn]] void refuse(std::string_view record, std::size_t field, const Parts&... reason) const {
    const ReadLimits limits{.line_bytes = record.size(), .fields = record.size() + 1};
    DelimitedReader reader(LineReader(text_stream(std::string(record)), "record", limits, Encoding::bytes), format);
    reader.next();
    throw RecordError(text_of(reason...), reader.place(field).second);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
