// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/log_builder.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/data/renumber.hpp>
#include <longshore/io/line_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a log from lines of `user item item ...`, the items in the order of time, plain or gzipped.
///
/// Keys are separated by spaces or tabs. A line with a user alone gives a user without events; a user may come in
/// several lines, the later ones continue. The log has no times: they count the events of the file.
///
/// Cost: O(bytes); memory that of the log (`LogBuilder`), beside one line.
///
/// @param settings  numbering, limits and stop are used
/// @throws FileError  with path:line:column if a limit is passed, the text is no UTF-8 or there is no event at all
/// @throws ShapeError for settings of tables with named columns (`ReadSettings::refuse_columns`)
/// @throws Interrupted if `settings.stop` was requested, before the next line
inline InteractionLog read_sequences(LineReader lines, const ReadSettings& settings = {}) {
  settings.refuse_columns("read_sequences");
  lines.report_as("read_sequences");
  const ReadLimits& limits = settings.limits;
  LogBuilder builder({.has_values = false, .has_times = false});
  while (lines.next()) {
    lines.heed(settings.stop);
    std::string_view user;
    const std::string_view line = lines.line();
    for (std::size_t end = 0;;) {
      const std::size_t begin = line.find_first_not_of(" \t", end);
      if (begin == std::string_view::npos) break;
      end = std::min(line.find_first_of(" \t", begin), line.size());
      const std::string_view key = line.substr(begin, end - begin);
      if (key.find('\r') != std::string_view::npos)
        lines.fail(lines.number(), begin + key.find('\r') + 1, "a carriage return in the middle of a line");
      if (user.empty()) {
        user = key;
        builder.add_user(user);
        if (builder.user_count() > limits.users)
          lines.fail(lines.number(), begin + 1, "the file has more users than the limit of ", limits.users,
                     " (ReadLimits::users)");
        continue;
      }
      if (builder.size() == limits.rows)
        lines.fail(lines.number(), begin + 1, "the file has more events than the limit of ", limits.rows,
                   " (ReadLimits::rows)");
      builder.add(user, key);
      if (builder.item_count() > limits.items)
        lines.fail(lines.number(), begin + 1, "the file has more items than the limit of ", limits.items,
                   " (ReadLimits::items)");
    }
  }
  if (builder.size() == 0) lines.fail(lines.number() + 1, 1, "expected events, got the end of the file");
  InteractionLog log = std::move(builder).finish();
  if (settings.numbering == Numbering::ascending) renumber(log);
  return log;
}
inline InteractionLog read_sequences(const std::filesystem::path& path, const ReadSettings& settings = {}) {
  return read_sequences(LineReader(path, settings.limits, Encoding::utf8, "read_sequences"), settings);
}

}  // namespace longshore::inline LONGSHORE_ABI
