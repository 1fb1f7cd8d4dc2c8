// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/inter_layout.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/name_items.hpp>
#include <longshore/data/read_records.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/line_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a log from RecBole's atomic files, plain or gzipped: a header of `name:type` and one event a line, tabs (or
/// commas) between the fields, no quotes.
///
/// `ReadSettings::columns` keeps further columns, with the type of the header. Where a file with the same name and the
/// ending `.item` lies beside the log, titles and categories come from it, if it has some; `.user` files are not read.
///
/// Cost: O(bytes); memory that of the log (`LogBuilder`), beside one record.
///
/// @param path  where titles and categories are looked for beside, if at all
/// @throws FileError with path:line:column, as `DelimitedReader` and `read_records`, or if the header does not fit
/// @throws Interrupted if `settings.stop` was requested
inline InteractionLog read_inter(LineReader lines, const ReadSettings& settings = {},
                                 const std::filesystem::path& path = {}) {
  lines.report_as("read_inter");
  if (!lines.next()) lines.fail(1, 1, "expected a header, got an empty file");
  std::optional<RecordLayout> layout;
  try {
    layout = inter_layout(lines.line(), settings);
  } catch (const DataError& error) {
    lines.fail(error);
  }
  if (!layout)
    lines.fail(1, 1, "expected a header such as user_id:token<tab>item_id:token<tab>timestamp:float, got ",
               excerpt(lines.line()));
  lines.repeat();
  InteractionLog log = read_records(std::move(lines), *layout, settings);
  if (settings.names && !path.empty()) {
    std::filesystem::path table = path;
    if (table.extension() == ".gz") table.replace_extension();
    name_items_beside(log, table.replace_extension(".item"), settings.limits);
  }
  return log;
}
inline InteractionLog read_inter(const std::filesystem::path& path, const ReadSettings& settings = {}) {
  return read_inter(LineReader(path, settings.limits, Encoding::utf8, "read_inter"), settings, path);
}

}  // namespace longshore::inline LONGSHORE_ABI
