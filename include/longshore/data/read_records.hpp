// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
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
/// @param settings  numbering, unit of times, limits and stop are used
/// @throws FileError with path:line:column if a key is empty, a number is none or not finite, a limit is passed, there
///                   is no event at all, or a time is after the year 2099 and the settings do not say what times count
/// @throws Interrupted if `settings.stop` was requested
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

  // A column that was found by its name may hold something else.
  const auto advice = [&](const std::string& wanted, const char* name) {
    return wanted.empty() && layout.has_header
               ? text_of("; with ReadSettings::", name, " = ReadSettings::none the column is left out")
               : std::string();
  };
  const std::string no_value = advice(settings.value, "value"), no_time = advice(settings.time, "time");
  struct Latest {
    Seconds time = std::numeric_limits<Seconds>::min();
    std::pair<std::size_t, std::size_t> place = {};  // line and column
  };
  std::vector<Latest> latest(1 + layout.further.size());  // of the times, and of each further column of times
  const auto note = [&](Latest& last, Seconds time, std::size_t field) {
    if (time > last.time) last = {time, reader.place(field)};
  };

  if (layout.has_header) reader.next();
  while (reader.next()) {
    reader.lines().heed(settings.stop);
    if (builder.size() == limits.rows)
      reader.fail(0, "the file has more events than the limit of ", limits.rows, " (ReadLimits::rows)");
    const std::string_view user = reader.word(layout.user), item = reader.word(layout.item);
    if (user.empty()) reader.fail(layout.user, "expected the key of a user, got an empty field");
    if (item.empty()) reader.fail(layout.item, "expected the key of an item, got an empty field");
    const Seconds time = layout.time ? reader.seconds(*layout.time, unit, no_time) : Seconds{0};
    builder.add(user, item, layout.value ? reader.number<float>(*layout.value, no_value) : 1.0f, time);
    if (layout.time) note(latest[0], time, *layout.time);
    if (builder.user_count() > limits.users)
      reader.fail(layout.user, "the file has more users than the limit of ", limits.users, " (ReadLimits::users)");
    if (builder.item_count() > limits.items)
      reader.fail(layout.item, "the file has more items than the limit of ", limits.items, " (ReadLimits::items)");
    for (std::size_t k = 0; k < layout.further.size(); ++k) {
      const RecordLayout::Further& column = layout.further[k];
      if (column.kind == ColumnKind::number) builder.push<float>(k, reader.number<float>(column.field));
      if (column.kind == ColumnKind::key) builder.push_key(k, reader.word(column.field));
      if (column.kind != ColumnKind::time) continue;
      const Seconds entry = reader.seconds(column.field, unit);
      builder.push<Seconds>(k, entry);
      note(latest[1 + k], entry, column.field);
    }
  }
  if (builder.size() == 0)
    reader.lines().fail(reader.lines().number() + 1, 1, "expected events, got the end of the file");
  InteractionLog log = std::move(builder).finish();
  if (!settings.time_unit) {
    const auto recognise = [&](xt::xtensor<Seconds, 1>& times, const Latest& last) {
      const auto scale = static_cast<std::int64_t>(recognise_time_unit({times.data(), times.size()}));
      if (scale > 1)
        for (Seconds& time : times) time /= scale;
      if (last.time / scale >= 4'102'444'800)
        reader.lines().fail(last.place, "the latest time of the file, ", last.time,
                            ", is after the year 2099 in seconds; ReadSettings::time_unit says what times count");
    };
    if (log.has_times) recognise(log.times, latest[0]);
    for (std::size_t k = 0; k < layout.further.size(); ++k)
      if (layout.further[k].kind == ColumnKind::time)
        recognise(log.columns.get<Seconds>(layout.further[k].name), latest[1 + k]);
  }
  if (settings.numbering == Numbering::ascending) renumber(log);
  return log;
}

}  // namespace longshore::inline LONGSHORE_ABI
