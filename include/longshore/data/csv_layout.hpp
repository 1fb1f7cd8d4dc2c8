// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/find_column.hpp>
#include <longshore/data/further_columns.hpp>
#include <longshore/data/named_column.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/record_error.hpp>
#include <longshore/io/split_record.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Recognises a table with named columns by its header, whatever separates the fields: tab, comma, semicolon, bar, "::"
/// or space, or what the settings say.
///
/// Cost: O(header).
///
/// @param first_line  the header; where the settings have the names, the first record, whose number of fields counts
/// @return            the layout, or nothing if no separator gives columns of users and items
/// @throws DataError  if it lacks a column that the settings name, and the text has the columns that there are; if it
///                    has another number of fields than the settings have names
/// @throws RecordError if it has a column that is used twice, or more fields than the limit
inline std::optional<RecordLayout> csv_layout(std::string_view first_line, const ReadSettings& settings = {}) {
  std::vector<std::string> separators = {"\t", ",", ";", "|", "::", " "};
  if (!settings.separator.empty()) separators = {settings.separator};
  std::vector<std::string> most;       // fields that one of them finds
  std::optional<RecordError> refusal;  // of the last one that finds more than the limit
  std::size_t fullest = 0;             // most fields of any of them
  for (const std::string& separator : separators) {
    RecordLayout layout;
    layout.format = {.separator = separator, .quotes = settings.quotes};
    layout.has_header = settings.header.empty();
    std::optional<std::vector<std::string>> fields;
    try {
      fields = split_record(first_line, layout.format, settings.limits.fields);
    } catch (const RecordError& error) {
      refusal = error;
    }
    if (fields) fullest = std::max(fullest, fields->size());
    if (!fields || (!layout.has_header && fields->size() != settings.header.size())) continue;
    const std::vector<std::string>& names = layout.has_header ? *fields : settings.header;
    if (names.size() > most.size()) most = names;
    const auto column = [&](const std::string& wanted, ColumnRole role) -> std::optional<std::size_t> {
      if (wanted.empty()) return find_column(names, role);
      if (wanted == ReadSettings::none) return std::nullopt;
      const auto place = std::ranges::find(names, wanted);
      if (place == names.end()) return std::nullopt;
      return static_cast<std::size_t>(place - names.begin());
    };
    const auto user = column(settings.user, ColumnRole::user), item = column(settings.item, ColumnRole::item);
    if (!user || !item) continue;
    layout.user = *user;
    layout.item = *item;
    for (const std::string& wanted : {settings.value, settings.time})
      if (!wanted.empty() && wanted != ReadSettings::none) named_column(names, wanted);
    layout.value = column(settings.value, ColumnRole::value);
    layout.time = column(settings.time, ColumnRole::time);
    layout.further = further_columns(settings, names);
    layout.check(names, first_line);
    return layout;
  }
  if (refusal) throw RecordError(*refusal);
  expects<DataError>(settings.header.empty() || !most.empty(), "ReadSettings::header has ", settings.header.size(),
                     " names, the first line ", fullest, fullest == 1 ? " field" : " fields",
                     settings.separator.empty() ? std::string() : " between separators " + excerpt(settings.separator));
  if (!most.empty())
    for (const std::string& wanted : {settings.user, settings.item})
      if (!wanted.empty()) named_column(most, wanted);
  return std::nullopt;
}

}  // namespace longshore::inline LONGSHORE_ABI
