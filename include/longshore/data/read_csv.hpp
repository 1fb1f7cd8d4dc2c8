// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/csv_layout.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/known_columns.hpp>
#include <longshore/data/read_records.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/line_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a log from CSV, TSV or any other table with named columns, plain or gzipped.
///
///     read_csv("sales.csv.gz", {.user = "customer", .item = "article", .time = "sold_at"});
///
/// Columns and separator are recognised by the header unless the settings have them (`ReadSettings`, `csv_layout`).
/// Times are numbers or ISO 8601 dates. Keys are text: whole numbers beyond 64 bits stay as they are.
///
/// Cost: O(bytes); memory that of the log (`LogBuilder`), beside one record.
///
/// @throws FileError with path:line:column, as `DelimitedReader` and `read_records`, or if the header does not fit
/// @throws Interrupted if `settings.stop` was requested
inline InteractionLog read_csv(LineReader lines, const ReadSettings& settings = {}) {
  lines.report_as("read_csv");
  if (!lines.next()) lines.fail(1, 1, "expected a header, got an empty file");
  std::optional<RecordLayout> layout;
  try {
    layout = csv_layout(lines.line(), settings);
  } catch (const DataError& error) {
    lines.fail(error);
  }
  if (!layout)
    lines.fail(
        1, 1, "expected a header with a column of users (known names: ", known_columns(ColumnRole::user),
        ") and one of items (", known_columns(ColumnRole::item),
        "); ReadSettings::user and ::item name others, ::header names those of a file without a header line; got ",
        excerpt(lines.line()));
  lines.repeat();
  return read_records(std::move(lines), *layout, settings);
}
inline InteractionLog read_csv(const std::filesystem::path& path, const ReadSettings& settings = {}) {
  return read_csv(LineReader(path, settings.limits, Encoding::utf8, "read_csv"), settings);
}

}  // namespace longshore::inline LONGSHORE_ABI
