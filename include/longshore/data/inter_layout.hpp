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
#include <longshore/data/find_column.hpp>
#include <longshore/data/further_columns.hpp>
#include <longshore/data/named_column.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/split_record.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Recognises RecBole's atomic interaction files by their first line, a header of `name:type`.
///
/// Cost: O(header).
///
/// @return  the layout, or nothing if the line is no such header
/// @throws DataError   if it is one, but a column that is needed or asked for is missing
/// @throws RecordError if such a column is there twice or holds lists; if the line has more fields than the limit
inline std::optional<RecordLayout> inter_layout(std::string_view first_line, const ReadSettings& settings = {}) {
  RecordLayout layout;
  layout.has_header = true;
  layout.format = {.separator = first_line.find('\t') == std::string_view::npos ? "," : "\t", .quotes = false};
  std::vector<std::string> names, types;
  const auto fields = split_record(first_line, layout.format, settings.limits.fields);
  if (!fields || fields->empty()) return std::nullopt;
  for (const std::string& field : *fields) {
    const std::size_t colon = field.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    names.push_back(field.substr(0, colon));
    types.push_back(field.substr(colon + 1));
    constexpr std::string_view known[] = {"token", "float", "token_seq", "float_seq"};
    if (std::ranges::find(known, types.back()) == std::end(known)) return std::nullopt;
  }

  const auto column = [&](const std::string& wanted, ColumnRole role) -> std::optional<std::size_t> {
    if (wanted.empty()) return find_column(names, role);
    return named_column(names, wanted);
  };
  const auto user = column(settings.user, ColumnRole::user), item = column(settings.item, ColumnRole::item);
  expects<DataError>(user.has_value() && item.has_value(),
                     "expected columns of users and items, such as user_id:token ",
                     "and item_id:token (or name them in ReadSettings::user and ::item), got ", excerpt(first_line));
  layout.user = *user;
  layout.item = *item;
  if (settings.value != ReadSettings::none) layout.value = column(settings.value, ColumnRole::value);
  if (settings.time != ReadSettings::none) layout.time = column(settings.time, ColumnRole::time);

  std::vector<ReadSettings::ColumnKind> kinds;
  kinds.reserve(types.size());
  for (const std::string& type : types)
    kinds.push_back(type == "float" ? ReadSettings::ColumnKind::number : ReadSettings::ColumnKind::key);
  layout.further = further_columns(settings, names, kinds);
  std::vector<std::size_t> used = {layout.user, layout.item};
  for (const RecordLayout::Further& further : layout.further) used.push_back(further.field);
  if (layout.value) used.push_back(*layout.value);
  if (layout.time) used.push_back(*layout.time);
  for (const std::size_t field : used)
    if (types[field].ends_with("_seq"))
      layout.refuse(first_line, field, "expected one entry an event in the column ", excerpt(names[field]),
                    ", got lists (", types[field], ")");
  layout.check(names, first_line);
  return layout;
}

}  // namespace longshore::inline LONGSHORE_ABI
