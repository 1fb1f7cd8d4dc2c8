// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/log_builder.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/data/recognise_time_unit.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/data/renumber.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/line_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a log from records whose layout is known: what the readers of named formats end in.
///
/// Memory: as `LogBuilder` and `LineReader`. Cost: O(bytes).
///
/// @param settings  numbering, unit of times and limits are used
/// @throws FileError with path:line:column if a key is empty, a number is none or not finite, a limit is passed or
///                   there is no event at all
inline InteractionLog read_records(LineReader lines, const RecordLayout& layout, const ReadSettings& settings = {}) {
  using ColumnKind = ReadSettings::ColumnKind;
  DelimitedReader reader(std::move(lines), layout.format);
  const ReadLimits& limits = settings.limits;
  const TimeUnit unit = settings.time_unit.value_or(TimeUnit::seconds);
  LogBuilder builder({.has_values = layout.value.has_value(), .has_times = layout.time.has_value()});
  for (const RecordLayout::Further& column : layout.further) {
    if (column.kind == ColumnKind::number) builder.add_column<float>(column.name);
    if (column.kind == ColumnKind::key) builder.add_column<Id>(column.name);
    if (column.kind == ColumnKind::time) builder.add_column<Seconds>(column.name);
  }

  if (layout.has_header) reader.next();
  while (reader.next()) {
    if (builder.size() == limits.rows)
      reader.fail(0, "the file has more events than the limit of ", limits.rows, " (ReadLimits::rows)");
    const std::string_view user = reader.word(layout.user), item = reader.word(layout.item);
    if (user.empty()) reader.fail(layout.user, "expected the key of a user, got an empty field");
    if (item.empty()) reader.fail(layout.item, "expected the key of an item, got an empty field");
    builder.add(user, item, layout.value ? reader.number<float>(*layout.value) : 1.0f,
                layout.time ? reader.seconds(*layout.time, unit) : Seconds{0});
    if (builder.user_count() > limits.users)
      reader.fail(layout.user, "the file has more users than the limit of ", limits.users, " (ReadLimits::users)");
    if (builder.item_count() > limits.items)
      reader.fail(layout.item, "the file has more items than the limit of ", limits.items, " (ReadLimits::items)");
    for (std::size_t k = 0; k < layout.further.size(); ++k) {
      const RecordLayout::Further& column = layout.further[k];
      if (column.kind == ColumnKind::number) builder.push<float>(k, reader.number<float>(column.field));
      if (column.kind == ColumnKind::key) builder.push_key(k, reader.word(column.field));
      if (column.kind == ColumnKind::time) builder.push<Seconds>(k, reader.seconds(column.field, unit));
    }
  }
  if (builder.size() == 0)
    reader.lines().fail(reader.lines().number() + 1, 1, "expected events, got the end of the file");
  InteractionLog log = std::move(builder).finish();
  if (!settings.time_unit) {
    const auto recognise = [](xt::xtensor<Seconds, 1>& times) {
      const auto scale = static_cast<std::int64_t>(recognise_time_unit({times.data(), times.size()}));
      if (scale > 1)
        for (Seconds& time : times) time /= scale;
    };
    if (log.has_times) recognise(log.times);
    for (const RecordLayout::Further& column : layout.further)
      if (column.kind == ColumnKind::time) recognise(log.columns.get<Seconds>(column.name));
  }
  if (settings.numbering == Numbering::ascending) renumber(log);
  return log;
}

}  // namespace longshore::inline LONGSHORE_ABI
