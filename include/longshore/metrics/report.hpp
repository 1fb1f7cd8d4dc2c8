// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/count_letters.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/wrap_text.hpp>
#include <longshore/io/csv_cell.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A table of results: named rows, numbers in columns, notes below. Makes text; writes only where it is told to.
///
///     Report report({{"HR@10"}, {"NDCG@10"}, {"parameters", 0}});
///     report.add("long + short", {hr.value, ndcg.value, 153000.0});
///     report.add("popularity", {floor_hr.value, floor_ndcg.value, std::nullopt});
///     report.note(ranking.description());
///     stream << report;
///
/// Cost: of a text O(rows columns).
class Report {
 public:
  /// A column of numbers.
  struct Column {
    std::string name;
    int decimals = 4;  ///< digits after the point in the text; CSV has all digits
  };

  /// The width that the text keeps to, in characters. A single column beside the longest row name may exceed it.
  static constexpr std::size_t width = 80;

  /// @param columns     from left to right
  /// @param row_header  the heading of the row names
  /// @throws ShapeError if there is no column, or decimals are not from 0 to 17
  explicit Report(std::vector<Column> columns, std::string row_header = "")
      : columns_(std::move(columns)), row_header_(std::move(row_header)) {
    expects(!columns_.empty(), "Report: expected at least one column, got none");
    for (const Column& column : columns_)
      expects(column.decimals >= 0 && column.decimals <= 17, "Report: expected 0 to 17 decimals for ", column.name,
              ", got ", column.decimals);
  }

  /// Adds a row at the end.
  ///
  /// @param values  one a column; nothing where it is unknown, which prints as "-"
  /// @throws ShapeError if the number of values differs from that of the columns
  void add(std::string name, std::vector<std::optional<double>> values) {
    expects(values.size() == columns_.size(), "Report::add: expected ", columns_.size(), " values for the row '", name,
            "', got ", values.size());
    rows_.push_back({std::move(name), std::move(values)});
  }

  /// Adds a line below the table. Lines longer than the width are broken at spaces. Not in the CSV.
  void note(std::string line) { notes_.push_back(std::move(line)); }

  std::size_t rows() const { return rows_.size(); }
  std::span<const Column> columns() const { return columns_; }

  /// The aligned table. Columns that do not fit into the width come in a further block below, with the names repeated.
  std::string text() const {
    std::size_t name_width = count_letters(row_header_);
    for (const Row& row : rows_) name_width = std::max(name_width, count_letters(row.name));
    std::string out;
    for (std::size_t begin = 0; begin < columns_.size();) {
      std::size_t end = begin, used = name_width;
      while (end < columns_.size() && (end == begin || used + 2 + column_width(end) <= width))
        used += 2 + column_width(end++);
      if (begin > 0) out += '\n';
      out += row_header_ + std::string(name_width - count_letters(row_header_), ' ');
      for (std::size_t c = begin; c < end; ++c) out += "  " + right(columns_[c].name, column_width(c));
      out += '\n' + std::string(used, '-') + '\n';
      for (const Row& row : rows_) {
        out += row.name + std::string(name_width - count_letters(row.name), ' ');
        for (std::size_t c = begin; c < end; ++c) out += "  " + right(cell(row, c), column_width(c));
        out += '\n';
      }
      begin = end;
    }
    for (const std::string& line : notes_) out += wrap_text(line, width) + '\n';
    return out;
  }

  /// The table as CSV (cells as `append_csv_cell` writes them, "\n" line ends): a header, then a line a row; nothing
  /// between the commas where nothing is known.
  std::string csv() const {
    std::string out;
    append_csv_cell(out, row_header_);
    for (const Column& column : columns_) append_csv_cell(out += ',', column.name);
    out += '\n';
    for (const Row& row : rows_) {
      append_csv_cell(out, row.name);
      for (const auto& value : row.values) {
        out += ',';
        if (value) append_csv_cell(out, *value);
      }
      out += '\n';
    }
    return out;
  }

  /// Writes the text.
  friend std::ostream& operator<<(std::ostream& stream, const Report& report) { return stream << report.text(); }

 private:
  struct Row {
    std::string name;
    std::vector<std::optional<double>> values;
  };

  static std::string right(const std::string& text, std::size_t size) {
    return std::string(size - count_letters(text), ' ') + text;
  }

  // The stream's locale must not change a table; the longest double in fixed form has 309 digits before the point.
  std::string cell(const Row& row, std::size_t c) const {
    if (!row.values[c]) return "-";
    std::array<char, 352> buffer;
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *row.values[c],
                                      std::chars_format::fixed, columns_[c].decimals);
    return std::string(buffer.data(), result.ptr);
  }
  std::size_t column_width(std::size_t c) const {
    std::size_t size = count_letters(columns_[c].name);
    for (const Row& row : rows_) size = std::max(size, cell(row, c).size());
    return size;
  }

  std::vector<Column> columns_;
  std::string row_header_;
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

}  // namespace longshore::inline LONGSHORE_ABI
