// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/parse_seconds.hpp>
#include <longshore/io/read_limits.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// In which order a reader numbers users and items.
enum class Numbering {
  first_seen,  ///< by first appearance in the file
  ascending,   ///< by key: integers by value, then other texts byte by byte
};

/// How the readers of interaction logs read; every field has a default that fits the usual files.
///
///     read_csv("sales.csv", {.user = "customer", .item = "article", .columns = {{.name = "price"}}});
struct ReadSettings {
  /// What a further column holds.
  enum class ColumnKind {
    number,  ///< `float`
    key,     ///< any text, numbered to `Id`; `Columns::keys` has the texts
    time,    ///< `Seconds`
  };

  /// A further column that the log shall keep.
  struct Column {
    std::string name;
    std::optional<ColumnKind> kind = {};  ///< where not given: what the header of an .inter file says, else `number`
  };

  /// For `value` and `time`: the log shall have none, whatever the file has. No column is called so, since spaces
  /// around names do not count.
  static constexpr const char* none = " none ";

  /// The columns with users, items, values and times, in files that name their columns. Where empty, the well-known
  /// names are looked for (`find_column`); a file without values or times is fine.
  std::string user = {}, item = {}, value = {}, time = {};

  /// Of times that are numbers. Where not given: seconds, unless all numbers of the column lie in the years 1990 to
  /// 2099 as milli-, micro- or nanoseconds (`recognise_time_unit`); then times after 2099 are refused.
  std::optional<TimeUnit> time_unit = {};
  std::vector<Column> columns = {};  ///< further columns to keep, in files that name their columns
  Numbering numbering = Numbering::first_seen;
  bool names = true;  ///< whether to read titles and categories from a file beside the log

  std::string separator = {};            ///< read_csv: between fields; where empty, the header shows it
  bool quotes = true;                    ///< read_csv: whether fields may be quoted
  std::vector<std::string> header = {};  ///< read_csv: names of the columns of a file without a header line

  /// read_log: is told what the file is taken for, such as "a table with named columns", before its events are read.
  std::function<void(std::string_view format)> on_format = {};

  ReadLimits limits = {};
  std::stop_token stop = {};  ///< gives the log up, by `Interrupted`, before the next event

  /// Whether a column of users, items, values or times is named.
  bool name_columns() const {
    const auto names_one = [](const std::string& wanted) { return !wanted.empty() && wanted != none; };
    return !user.empty() || !item.empty() || names_one(value) || names_one(time);
  }

  /// Refuses what only files with named columns can give, for the readers of others.
  ///
  /// @param function  who asks, for the text of the error
  /// @throws ShapeError if a column is named, or asked for, or separator or header are set
  void refuse_columns(const char* function) const {
    expects(
        !name_columns() && columns.empty() && separator.empty() && header.empty(), function,
        ": these files name no columns: user, item, value, time, columns, separator and header of ReadSettings are ",
        "for read_csv");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
