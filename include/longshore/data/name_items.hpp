// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/find_column.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/find_invalid_utf8.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/read_limits.hpp>
#include <longshore/io/split_record.hpp>
#include <longshore/io/utf8_from_latin1.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What `name_items` makes of a table that has no titles and no categories.
enum class UnknownTable {
  refused,
  passed_over,  ///< the log stays as it is
};

/// Fills titles and categories of a log's items from a table of items, plain or gzipped, recognised by its first line:
/// MovieLens' `u.item`, `movies.dat` and `movies.csv`, RecBole's `.item`, and any CSV or TSV whose header has a column
/// of items and one of titles or categories (`find_column`).
///
/// Texts that are not UTF-8 are taken for Latin-1 and converted. Items of the log that the table lacks keep what they
/// have (nothing, at first); items that only the table has are passed over; of several rows of an item the last counts.
///
/// Cost: O(bytes of the table).
///
/// @param unknown  what happens if the file is empty, or its first line of another kind
/// @return         whether the table was read
/// @throws FileError with path:line:column, as `DelimitedReader`, or for an unknown table if it is to be refused
inline bool name_items(InteractionLog& log, LineReader lines, UnknownTable unknown = UnknownTable::refused) {
  lines.report_as("name_items");
  if (!lines.next()) {
    if (unknown == UnknownTable::passed_over) return false;
    lines.fail(1, 1, "expected a table of items, got an empty file");
  }
  const std::string first(lines.line());
  const auto split = [&](const DelimitedFormat& format) {
    try {
      return split_record(first, format, lines.limits().fields);
    } catch (const DataError& error) {
      lines.fail(error);
    }
  };

  // How the table is written: categories lie in one field, or are flags from a field on (u.item).
  DelimitedFormat format{.quotes = false};
  std::size_t item = 0;
  std::optional<std::size_t> name, categories, flags;
  bool has_header = false, spaces_between_categories = false;
  static constexpr std::array<std::string_view, 19> genres = {
      "unknown",     "Action", "Adventure", "Animation", "Children's", "Comedy",  "Crime",
      "Documentary", "Drama",  "Fantasy",   "Film-Noir", "Horror",     "Musical", "Mystery",
      "Romance",     "Sci-Fi", "Thriller",  "War",       "Western"};
  const auto bars = static_cast<std::size_t>(std::ranges::count(first, '|'));
  if (bars == 4 + genres.size()) {
    format.separator = "|";
    name = 1;
    flags = 5;
  } else if (const auto fields = split({.separator = "::", .quotes = false}); fields && fields->size() == 3) {
    format.separator = "::";
    name = 1;
    categories = 2;
  } else {
    has_header = true;
    const bool typed = first.find(":token") != std::string::npos;
    format.separator = first.find('\t') != std::string::npos ? "\t" : ",";
    format.quotes = !typed;
    std::vector<std::string> header = split(format).value_or(std::vector<std::string>());
    if (typed)
      for (std::string& field : header) {
        const std::size_t colon = std::min(field.rfind(':'), field.size());
        if (find_column(std::vector{field.substr(0, colon)}, ColumnRole::categories))
          spaces_between_categories = spaces_between_categories || field.substr(colon) == ":token_seq";
        field.resize(colon);
      }
    const auto key = find_column(header, ColumnRole::item);
    name = find_column(header, ColumnRole::name);
    categories = find_column(header, ColumnRole::categories);
    if (!key || (!name && !categories)) {
      if (unknown == UnknownTable::passed_over) return false;
      lines.fail(1, 1, "expected u.item, movies.dat, movies.csv or a header with columns of items and of titles or ",
                 "categories, such as item_id, title and genres, got ", excerpt(first));
    }
    item = *key;
  }

  const auto utf8 = [](std::string_view text) {
    return find_invalid_utf8(text) == std::string_view::npos ? std::string(text) : utf8_from_latin1(text);
  };
  const auto count = static_cast<std::size_t>(log.item_count());
  std::vector<std::string> item_names = log.item_names, item_categories = log.item_categories;
  if (name) item_names.resize(count);
  if (categories || flags) item_categories.resize(count);
  lines.repeat();
  const std::size_t most_rows = lines.limits().rows;
  DelimitedReader reader(std::move(lines), format);
  if (has_header) reader.next();
  for (std::size_t row = 0; reader.next(); ++row) {
    if (row == most_rows)
      reader.fail(0, "the table has more rows than the limit of ", most_rows, " (ReadLimits::rows)");
    const std::optional<Id> id = log.item_ids.find(reader.word(item));
    if (!id) continue;
    const auto i = static_cast<std::size_t>(*id);
    if (name) item_names[i] = utf8(reader.text(*name));
    if (categories) {
      item_categories[i] = utf8(reader.text(*categories));
      if (spaces_between_categories) std::ranges::replace(item_categories[i], ' ', '|');
      if (item_categories[i] == "(no genres listed)") item_categories[i].clear();
    }
    if (flags) {
      item_categories[i].clear();
      for (std::size_t k = 0; k < genres.size(); ++k) {
        const std::string_view flag = reader.word(*flags + k);
        if (flag != "0" && flag != "1") reader.fail(*flags + k, "expected 0 or 1, got ", excerpt(flag));
        if (flag == "1") item_categories[i].append(item_categories[i].empty() ? "" : "|").append(genres[k]);
      }
    }
  }
  log.item_names = std::move(item_names);
  log.item_categories = std::move(item_categories);
  return true;
}
inline bool name_items(InteractionLog& log, const std::filesystem::path& path, const ReadLimits& limits = {},
                       UnknownTable unknown = UnknownTable::refused) {
  return name_items(log, LineReader(path, limits, Encoding::bytes, "name_items"), unknown);
}

/// Does the same if there is such a file, or one with `.gz` behind its name. A table beside a log may be about other
/// things, prices say: without titles and categories it is passed over.
///
/// @return  whether a table was read
inline bool name_items_beside(InteractionLog& log, const std::filesystem::path& path, const ReadLimits& limits = {}) {
  for (const std::filesystem::path& table : {path, std::filesystem::path(path.string() + ".gz")}) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(table, ignored)) continue;
    return name_items(log, table, limits, UnknownTable::passed_over);
  }
  return false;
}

}  // namespace longshore::inline LONGSHORE_ABI
