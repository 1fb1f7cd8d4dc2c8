// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/csv_cell.hpp>
#include <longshore/io/file.hpp>
#include <longshore/io/in_quotes.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How the CSV writer writes.
struct CsvWriterSettings {
  char separator =
      ',';  ///< a tab, for example; not one that numbers and texts are made of: letters, digits, '.', '+', '-'
  bool append = false;  ///< go on with an existing table of the same columns; a last row that was cut short is removed
};

/// Writes a table row by row, for example the curves of a training.
///
///     CsvWriter table("curves.csv", {"epoch", "loss", "note"});
///     table.row(0, 0.693, "first, of many");
///
/// Numbers are written with the fewest digits that give the same number again, whatever the locale. Texts are put
/// between quotation marks where they have to be (RFC 4180). Each row is handed to the system as a whole when it is
/// complete: a process that is killed leaves whole rows.
///
/// Cost: O(letters), one system call a row.
///
/// @throws FileError from every member: path, system call and cause
class CsvWriter {
 public:
  /// Makes the file, or empties it, and writes the names of the columns; or opens it to append.
  ///
  /// @throws ShapeError if there is no column or the separator cannot be one
  /// @throws FileError if a file to append to does not begin with these columns
  CsvWriter(const std::filesystem::path& path, const std::vector<std::string>& columns, CsvWriterSettings settings = {})
      : separator_(checked(settings.separator)),
        columns_(columns.size()),
        file_(File::open(caller, path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOCTTY)) {
    expects(!columns.empty(), caller, ": ", path.string(), ": a table must have a column");
    const std::uint64_t existing = file_.size();  // refuses devices and pipes
    for (const std::string& name : columns) cell(name);
    if (settings.append && existing > 0) {
      continue_table(existing);
    } else {
      file_.resize(0);
      end_row();
    }
  }

  /// Writes a row.
  ///
  /// @param cells  numbers, truth values (written true and false) and texts, one for each column
  /// @throws ShapeError if there are more or fewer cells than columns
  template <class... Cells>
  void row(const Cells&... cells) {
    expects(cells_ == 0, caller, ": ", file_.path(), ": a row is begun already: go on with cell, or call end_row");
    check_count(sizeof...(cells));
    (cell(cells), ...);
    end_row();
  }

  /// Adds a cell to the row, for tables whose columns are known at run time only.
  template <class Cell>
  void cell(const Cell& value) {
    if (cells_++ > 0) row_ += separator_;
    append_csv_cell(row_, value, separator_);
  }

  /// Ends the row and writes it.
  ///
  /// @throws ShapeError if there are more or fewer cells than columns; the row is given up
  void end_row() {
    const std::string row = std::exchange(row_, {}) + '\n';
    check_count(std::exchange(cells_, 0));
    file_.append_whole(end_, std::as_bytes(std::span(row)));
    end_ += row.size();
  }

 private:
  static constexpr std::string_view caller = "CsvWriter";

  static char checked(char separator) {
    const bool in_numbers = (separator >= '0' && separator <= '9') || (separator >= 'a' && separator <= 'z') ||
                            (separator >= 'A' && separator <= 'Z');
    expects(!in_numbers && std::string_view("\"\r\n.+-\0", 7).find(separator) == std::string_view::npos, caller, ": ",
            in_quotes({&separator, 1}), " cannot separate cells");
    return separator;
  }

  void check_count(std::size_t cells) const {
    expects(cells == columns_, caller, ": ", file_.path(), ": a row of ", cells, " cells in a table of ", columns_,
            " columns");
  }

  /// Takes the row that was begun, the names of the columns, as the expected first row, and cuts the file after its
  /// last whole row.
  void continue_table(std::uint64_t size) {
    const std::string expected = std::exchange(row_, {}) + '\n';
    cells_ = 0;
    std::string first(expected.size(), '\0');
    first.resize(file_.read_at(0, std::as_writable_bytes(std::span(first))));
    expects<FileError>(first == expected, caller, ": ", file_.path(), ": byte 0: the table begins with ",
                       in_quotes(first), ", the columns are ", in_quotes(expected));
    std::array<char, 65'536> piece;
    bool inside = false;  // between quotation marks, where a line break ends no row
    end_ = expected.size();
    for (std::uint64_t at = end_; at < size;) {
      const std::size_t bytes = file_.read_at(at, std::as_writable_bytes(std::span(piece)));
      expects<FileError>(bytes > 0, caller, ": ", file_.path(), ": byte ", at, ": the file became shorter meanwhile");
      for (std::size_t i = 0; i < bytes; ++i) {
        inside ^= piece[i] == '"';
        if (piece[i] == '\n' && !inside) end_ = at + i + 1;
      }
      at += bytes;
    }
    file_.resize(end_);
  }

  char separator_;
  std::size_t columns_;
  File file_;
  std::uint64_t end_ = 0;  // bytes in the file, whole rows
  std::string row_;
  std::size_t cells_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
