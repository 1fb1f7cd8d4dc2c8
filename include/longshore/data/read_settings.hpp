// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
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

  /// The columns with users, items, values and times, in files that name their columns. Where empty, the well-known
  /// names are looked for (`find_column`); a file without values or times is fine.
  std::string user = {}, item = {}, value = {}, time = {};

  /// Of times that are numbers. Where not given: seconds, unless all numbers of the column lie in the years 1990 to
  /// 2099 as milli-, micro- or nanoseconds (`recognise_time_unit`).
  std::optional<TimeUnit> time_unit = {};
  std::vector<Column> columns = {};  ///< further columns to keep, in files that name their columns
  Numbering numbering = Numbering::first_seen;
  bool names = true;  ///< whether to read titles and categories from a file beside the log

  std::string separator = {};            ///< read_csv: between fields; where empty, the header shows it
  bool quotes = true;                    ///< read_csv: whether fields may be quoted
  std::vector<std::string> header = {};  ///< read_csv: names of the columns of a file without a header line

  ReadLimits limits = {};
};

}  // namespace longshore::inline LONGSHORE_ABI
