// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/data/named_column.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/data/record_layout.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds the further columns that a user wants to keep.
///
/// Cost: O(header times wanted columns).
///
/// @param header  the names of the file's columns
/// @param kinds   what each of them holds, where the file says so, else empty
/// @throws DataError if the header lacks a wanted column; the text has what it has
inline std::vector<RecordLayout::Further> further_columns(const ReadSettings& settings,
                                                          std::span<const std::string> header,
                                                          std::span<const ReadSettings::ColumnKind> kinds = {}) {
  std::vector<RecordLayout::Further> further;
  for (const ReadSettings::Column& wanted : settings.columns) {
    const std::size_t field = named_column(header, wanted.name);
    const auto stated = kinds.empty() ? ReadSettings::ColumnKind::number : kinds[field];
    further.push_back({field, wanted.name, wanted.kind.value_or(stated)});
  }
  return further;
}

}  // namespace longshore::inline LONGSHORE_ABI
