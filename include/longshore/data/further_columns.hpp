// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/named_column.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/excerpt.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds the further columns that a user wants to keep.
///
/// Cost: O(header times wanted columns).
///
/// @param header  the names of the file's columns
/// @param kinds   what each of them holds, where the file says so, else empty
/// @throws DataError if the header lacks a wanted column, and the text has what it has; if one is wanted twice
inline std::vector<RecordLayout::Further> further_columns(const ReadSettings& settings,
                                                          std::span<const std::string> header,
                                                          std::span<const ReadSettings::ColumnKind> kinds = {}) {
  std::vector<RecordLayout::Further> further;
  for (const ReadSettings::Column& wanted : settings.columns) {
    const std::size_t field = named_column(header, wanted.name);
    for (const RecordLayout::Further& before : further)
      expects<DataError>(before.name != wanted.name, "ReadSettings::columns has the column ", excerpt(wanted.name),
                         " twice");
    const auto stated = kinds.empty() ? ReadSettings::ColumnKind::number : kinds[field];
    further.push_back({field, wanted.name, wanted.kind.value_or(stated)});
  }
  return further;
}

}  // namespace longshore::inline LONGSHORE_ABI
