// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/movielens_layout.hpp>
#include <longshore/data/name_items.hpp>
#include <longshore/data/read_records.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/line_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a log from the rating files of MovieLens, plain or gzipped: `u.data` (100K), `ratings.dat` (1M, 10M) and
/// `ratings.csv` (20M and later), which are recognised by their first line.
///
/// Titles and genres come from the table of the same edition where it lies beside the log: `u.item`, `movies.dat` or
/// `movies.csv`; ids mean other films in others.
///
/// Cost: O(bytes); memory that of the log (`LogBuilder`), beside one record.
/// Source: GroupLens, https://grouplens.org/datasets/movielens.
///
/// @param path  where titles and genres are looked for beside, if at all
/// @throws FileError  with path:line:column, as `DelimitedReader` and `read_records`, or if the first line is of
///                    another kind
/// @throws ShapeError for settings of tables with named columns (`ReadSettings::refuse_columns`)
/// @throws Interrupted if `settings.stop` was requested
inline InteractionLog read_movielens(LineReader lines, const ReadSettings& settings = {},
                                     const std::filesystem::path& path = {}) {
  settings.refuse_columns("read_movielens");
  lines.report_as("read_movielens");
  if (!lines.next()) lines.fail(1, 1, "expected ratings, got an empty file");
  std::optional<RecordLayout> layout = movielens_layout(lines.line());
  if (!layout)
    lines.fail(1, 1, "expected user, movie, rating and time, separated by tabs (u.data) or '::' (ratings.dat), ",
               "or the header userId,movieId,rating,timestamp (ratings.csv), got ", excerpt(lines.line()));
  if (settings.value == ReadSettings::none) layout->value.reset();
  if (settings.time == ReadSettings::none) layout->time.reset();
  lines.repeat();
  InteractionLog log = read_records(std::move(lines), *layout, settings);
  if (settings.names && !path.empty()) {
    const std::string& separator = layout->format.separator;
    const char* const table = separator == "\t" ? "u.item" : separator == "::" ? "movies.dat" : "movies.csv";
    name_items_beside(log, path.parent_path() / table, settings.limits);
  }
  return log;
}
inline InteractionLog read_movielens(const std::filesystem::path& path, const ReadSettings& settings = {}) {
  return read_movielens(LineReader(path, settings.limits, Encoding::utf8, "read_movielens"), settings, path);
}

}  // namespace longshore::inline LONGSHORE_ABI
