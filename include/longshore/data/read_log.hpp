// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/csv_layout.hpp>
#include <longshore/data/find_table_below.hpp>
#include <longshore/data/inter_layout.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/known_columns.hpp>
#include <longshore/data/movielens_layout.hpp>
#include <longshore/data/read_csv.hpp>
#include <longshore/data/read_inter.hpp>
#include <longshore/data/read_movielens.hpp>
#include <longshore/data/read_sequences.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/line_reader.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a log from any file that the library knows, recognised by its name and first line, plain or gzipped: by
/// `read_inter`, `read_movielens`, `read_csv` or `read_sequences`.
///
/// Settings that only `read_csv` uses (separator, header) make it a matter of `read_csv`; so does the name of a
/// column unless the header is typed. Lines of keys with spaces between them are sequences, unless the lines after the
/// first look like a table (`find_table_below`): then something stands above its header, and the file is refused.
///
/// The file is opened once and read from front to end: a pipe will do (`/dev/stdin`).
///
/// Cost: that of the reader it finds, the first line twice.
///
/// @throws FileError with path:line:column; if the file is of none of these kinds, the text lists them
/// @throws Interrupted if `settings.stop` was requested, before the next event
inline InteractionLog read_log(const std::filesystem::path& path, const ReadSettings& settings = {}) {
  std::filesystem::path name = path.filename();
  if (name.extension() == ".gz") name.replace_extension();

  LineReader lines(path, settings.limits, Encoding::utf8, "read_log");
  if (!lines.next()) lines.fail(1, 1, "expected an interaction log, got an empty file");
  const std::string first(lines.line());
  const bool is_csv = !settings.separator.empty() || !settings.header.empty();
  const bool has_names = settings.name_columns();
  bool is_inter = false, is_movielens = false, is_table = false;
  try {
    is_inter = !is_csv && (name.extension() == ".inter" || inter_layout(first, settings));
    is_movielens = !is_inter && !is_csv && !has_names && settings.columns.empty() && movielens_layout(first);
    is_table = is_inter || is_movielens || is_csv || has_names || csv_layout(first, settings);
  } catch (const DataError& error) {
    lines.fail(error);
  }
  const auto taken_for = [&](const char* format) {
    if (settings.on_format) settings.on_format(format);
    lines.repeat();
    return std::move(lines);
  };
  if (is_inter) return read_inter(taken_for("a RecBole .inter file"), settings, path);
  if (is_movielens) return read_movielens(taken_for("ratings of MovieLens"), settings, path);
  if (is_table) return read_csv(taken_for("a table with named columns"), settings);
  if (first.find(' ') != std::string::npos && first.find_first_of("\t,;|\"") == std::string::npos) {
    if (const auto line = find_table_below(lines.ahead()))
      lines.fail(1 + *line, 1, "this looks like a table, and ", excerpt(first),
                 " above it like no header: remove what ",
                 "stands above the header (read_sequences takes any lines for 'user item item ...')");
    return read_sequences(taken_for("lines of 'user item item ...'"), settings);
  }
  lines.fail(1, 1,
             "expected one of: MovieLens u.data, ratings.dat or ratings.csv; RecBole .inter (header user_id:token, ",
             "item_id:token, ...); a CSV or TSV whose header names the columns of users (known names: ",
             known_columns(ColumnRole::user), ") and items (", known_columns(ColumnRole::item),
             "), or ReadSettings::user and ::item do; lines of 'user item item ...'; each may be gzipped. Got ",
             excerpt(first));
}

}  // namespace longshore::inline LONGSHORE_ABI
