// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/io/delimited_format.hpp>
#include <longshore/io/excerpt.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/parse_number.hpp>
#include <longshore/io/parse_seconds.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads records of fields: CSV, TSV, "::" and the like, in bounded memory.
///
///     DelimitedReader reader(LineReader("ratings.csv"), {.separator = ","});
///     while (reader.next()) sum += reader.number<double>(2);
///
/// A record is a line. With quotes (RFC 4180) a field that begins with '"' ends with the next single '"'; in between,
/// '""' is one quote, and separators and line ends are text. A quote inside a field that does not begin with one is
/// text. Empty lines are passed over. Refused with path:line:column: text behind a closing quote, a quote that is never
/// closed, a carriage return outside quotes and line ends, too many fields, and another number of fields than the first
/// record has unless the format is ragged. Cost: O(bytes), no allocation per record.
class DelimitedReader {
 public:
  /// @throws ShapeError if the separator is empty or holds a quote or a line end
  explicit DelimitedReader(LineReader lines, DelimitedFormat format = {})
      : lines_(std::move(lines)), format_(std::move(format)) {
    expects(!format_.separator.empty() &&
                format_.separator.find_first_of(std::string_view("\"\r\n\0", 4)) == std::string::npos,
            "DelimitedReader: expected a separator without quotes and line ends, got ", excerpt(format_.separator));
  }

  DelimitedReader(const DelimitedReader&) = delete;  // a record may lie in the reader itself
  /// Goes to the next record.
  ///
  /// @return  whether there is one
  /// @throws FileError with the place
  bool next() {
    fields_.clear();
    do {
      if (!lines_.next()) return false;
    } while (lines_.line().empty());
    first_line_ = lines_.number();
    record_ = lines_.line();
    if (!split()) split_quoted();
    if (expected_ == 0) expected_ = fields_.size();
    if (fields_.size() != expected_ && !format_.ragged)
      fail(expected_, "expected ", expected_, " fields as in the first record, got ", fields_.size());
    return true;
  }

  /// The number of fields of the record.
  std::size_t size() const { return fields_.size(); }

  /// A field, without its quotes; valid until the next call of `next`.
  ///
  /// @throws ShapeError if the record has no such field
  std::string_view text(std::size_t field) const {
    expects(field < fields_.size(), "DelimitedReader::text: the record has ", fields_.size(), " fields, got ", field);
    return fields_[field].text;
  }

  /// A field without the spaces around it: what keys and numbers are read from.
  std::string_view word(std::size_t field) const {
    std::string_view word = text(field);
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    return word;
  }

  /// A field as a number; `advice` ends the text of the error.
  ///
  /// @throws FileError with the place if it is no number, not finite or outside the type's range
  template <class Number>
  Number number(std::size_t field, std::string_view advice = {}) const {
    const auto number = parse_number<Number>(word(field));
    if (!number) [[unlikely]]
      fail(field, "expected ", std::integral<Number> ? "an integer" : "a finite number", ", got ", excerpt(text(field)),
           has_decimal_comma(word(field)) ? " (its decimal sign must be a point)" : "", advice);
    return *number;
  }

  /// A field as a time stamp; `advice` ends the text of the error.
  ///
  /// @throws FileError with the place if it is neither a number nor an ISO 8601 date
  Seconds seconds(std::size_t field, TimeUnit unit = TimeUnit::seconds, std::string_view advice = {}) const {
    const auto seconds = parse_seconds(word(field), unit);
    if (!seconds) [[unlikely]]
      fail(field, "expected a time stamp, got ", excerpt(text(field)), advice);
    return *seconds;
  }

  /// Line and column, from 1, of the field, or of the record's end if it has no such field.
  std::pair<std::size_t, std::size_t> place(std::size_t field) const { return place_at(begin_of(field)); }

  /// @throws FileError always, with that place
  template <class... Parts>
  [[noreturn]] void fail(std::size_t field, const Parts&... reason) const {
    fail_at(begin_of(field), reason...);
  }

  const LineReader& lines() const { return lines_; }  ///< the reader of lines below

 private:
  struct Field {
    std::string_view text;
    std::size_t begin;  // in the record
  };

  void add(std::string_view text, std::size_t begin) {
    if (fields_.size() == lines_.limits().fields) [[unlikely]]
      fail_at(begin, "the record has more fields than the limit of ", lines_.limits().fields, " (ReadLimits::fields)");
    fields_.push_back({text, begin});
  }

  // Splits a record whose quoted fields have no quotes inside; false when it meets another one.
  bool split() {
    const std::size_t size = record_.size();
    for (std::size_t begin = 0;;) {
      std::size_t end = 0;
      if (format_.quotes && begin < size && record_[begin] == '"') {
        const std::size_t close = record_.find('"', begin + 1);
        end = close + 1;
        if (close == std::string_view::npos || (end < size && !record_.substr(end).starts_with(format_.separator)))
          return false;
        add(record_.substr(begin + 1, close - begin - 1), begin);
      } else {
        end = end_of_field(begin);
        add(record_.substr(begin, end - begin), begin);
      }
      if (end == size) return true;
      begin = end + format_.separator.size();
    }
  }

  // Where the unquoted field that begins here ends.
  std::size_t end_of_field(std::size_t begin) const {
    const std::string_view separator = format_.separator;
    const char first = separator[0];
    const char* const text = record_.data();
    for (std::size_t i = begin, size = record_.size(); i < size; ++i) {
      if (text[i] == first && (separator.size() == 1 || record_.substr(i).starts_with(separator))) return i;
      if (text[i] == '\r') [[unlikely]]
        fail_at(i, "a carriage return in the middle of a line");
    }
    return record_.size();
  }

  // Splits any record: its quoted fields may hold quotes and go on over several lines.
  void split_quoted() {
    record_ = joined_.assign(record_);
    fields_.clear();
    unescaped_.clear();
    pieces_.clear();
    for (std::size_t begin = 0;;) {
      add({}, begin);
      std::size_t end = 0;
      if (begin < record_.size() && record_[begin] == '"') {
        end = unquote(begin);
        if (end < record_.size() && !record_.substr(end).starts_with(format_.separator))
          fail_at(end, "expected ", excerpt(format_.separator), " behind the closing quote, got ",
                  excerpt(record_.substr(end, 1)));
      } else {
        end = end_of_field(begin);
        pieces_.push_back({begin, end - begin, false});
      }
      if (end == record_.size()) break;
      begin = end + format_.separator.size();
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string_view from = pieces_[i].unescaped ? std::string_view(unescaped_) : record_;
      fields_[i].text = from.substr(pieces_[i].begin, pieces_[i].size);
    }
  }

  // Notes the text of the quoted field that begins here, reading more lines as needed; returns where the field ends.
  std::size_t unquote(std::size_t begin) {
    bool doubled = false;
    std::size_t close = begin + 1;
    for (;;) {
      close = joined_.find('"', close);
      if (close == std::string::npos) {
        close = joined_.size();
        joined_ += lines_.ending();
        record_ = joined_;
        if (!lines_.next()) fail_at(begin, "the quote that opens here is never closed");
        record_ = joined_ += lines_.line();
        if (const std::size_t limit = lines_.limits().line_bytes; joined_.size() > limit)
          fail_at(begin, "the quote that opens here makes the record longer than the limit of ", limit,
                  " bytes (ReadLimits::line_bytes)");
      } else if (joined_.compare(close, 2, "\"\"") == 0) {
        doubled = true;
        close += 2;
      } else {
        break;
      }
    }
    if (doubled) {
      pieces_.push_back({unescaped_.size(), 0, true});
      for (std::size_t i = begin + 1; i < close; ++i) {
        unescaped_ += joined_[i];
        if (joined_[i] == '"') ++i;
      }
      pieces_.back().size = unescaped_.size() - pieces_.back().begin;
    } else {
      pieces_.push_back({begin + 1, close - begin - 1, false});
    }
    return close + 1;
  }

  std::size_t begin_of(std::size_t field) const { return field < size() ? fields_[field].begin : record_.size(); }

  std::pair<std::size_t, std::size_t> place_at(std::size_t place) const {
    if (lines_.number() == first_line_) return {first_line_, place + 1};
    const std::string_view before = record_.substr(0, place);
    return {first_line_ + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
            place - before.rfind('\n')};  // npos is -1
  }

  template <class... Parts>
  [[noreturn]] void fail_at(std::size_t place, const Parts&... reason) const {
    lines_.fail(place_at(place), reason...);
  }

  struct Piece {
    std::size_t begin, size;
    bool unescaped;  // lies in unescaped_, else in the record
  };

  LineReader lines_;
  DelimitedFormat format_;
  std::string_view record_;
  std::vector<Field> fields_;
  std::size_t first_line_ = 0, expected_ = 0;
  std::string joined_;     // a record with quotes, as in the file
  std::string unescaped_;  // the fields of it that held doubled quotes
  std::vector<Piece> pieces_;
};

}  // namespace longshore::inline LONGSHORE_ABI
