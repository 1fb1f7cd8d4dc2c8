// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/byte_stream.hpp>
#include <longshore/io/file_stream.hpp>
#include <longshore/io/find_invalid_utf8.hpp>
#include <longshore/io/read_limits.hpp>
#include <longshore/io/record_error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the bytes of a text file must be.
enum class Encoding {
  utf8,   ///< anything else is an error
  bytes,  ///< whatever comes, for files that are in Latin-1, say
};

/// Reads a text file line by line, in bounded memory, plain or gzipped.
///
///     LineReader lines("notes.txt");
///     while (lines.next()) use(lines.line());
///
/// A line ends with LF or CR LF, in any mixture, the last one also with the file. A UTF-8 byte order mark at the front
/// is passed over. Refused with path:line:column (the column in bytes, both from 1): NUL bytes, bytes that are not
/// UTF-8, a byte order mark of UTF-16, lines over the limit, and whatever the stream fails with. Memory: 256 KiB and at
/// most six times the longest line.
///
/// Cost: O(bytes).
class LineReader {
 public:
  /// @param function  as `report_as`, already for a file that cannot be opened
  explicit LineReader(const std::filesystem::path& path, const ReadLimits& limits = {},
                      Encoding encoding = Encoding::utf8, std::string function = "LineReader")
      : LineReader(file_stream(path, function), path.string(), limits, encoding) {
    report_as(std::move(function));
  }

  /// @param name  what errors call the stream
  LineReader(ByteStream stream, std::string name, const ReadLimits& limits = {}, Encoding encoding = Encoding::utf8)
      : stream_(std::move(stream)),
        name_(std::move(name)),
        limits_(limits),
        encoding_(encoding),
        buffer_(std::size_t{1} << 12) {}

  LineReader(LineReader&&) noexcept = default;
  LineReader& operator=(LineReader&&) noexcept = default;
  LineReader(const LineReader&) = delete;  // two readers of one stream would each miss lines
  LineReader& operator=(const LineReader&) = delete;

  /// Goes to the next line.
  ///
  /// @return  whether there is one
  /// @throws FileError with the place
  bool next() {
    if (repeat_) {
      repeat_ = false;
      return true;
    }
    line_ = ending_ = {};
    if (finished_) return false;
    ++number_;
    if (number_ == 1) begin();
    std::size_t scanned = 0;
    for (;;) {
      const char* const front = buffer_.data() + begin_;
      const auto* newline = static_cast<const char*>(std::memchr(front + scanned, '\n', end_ - begin_ - scanned));
      if (newline != nullptr) {
        take(static_cast<std::size_t>(newline - front), 1);
        return true;
      }
      scanned = end_ - begin_;
      // One byte more may be the CR of a line end.
      if (scanned > limits_.line_bytes && !(scanned == limits_.line_bytes + 1 && front[scanned - 1] == '\r'))
        too_long();
      if (!fill()) break;
    }
    finished_ = true;
    if (begin_ == end_) {
      --number_;
      return false;
    }
    take(end_ - begin_, 0);
    return true;
  }

  /// Makes the next call of `next` give this line once more, for readers that look at the first line to choose.
  void repeat() { repeat_ = number_ > 0 && line_.data() != nullptr; }

  /// The line without its end; valid until the next call of `next`.
  std::string_view line() const { return line_; }

  /// What of the stream has already been read behind the line; valid until the next call of `next`.
  std::string_view ahead() const { return {buffer_.data() + begin_, end_ - begin_}; }

  /// How the line ended: "\n", "\r\n" or, at the end of the file, "".
  std::string_view ending() const { return ending_; }

  /// The number of the line, from 1.
  std::size_t number() const { return number_; }

  /// What errors call the stream, and the limits it is read with.
  const std::string& name() const { return name_; }
  const ReadLimits& limits() const { return limits_; }

  /// Makes errors begin with the name of the function that the user called.
  void report_as(std::string function) { function_ = std::move(function); }

  /// Gives up if a stop was requested: for readers to ask before each line. A stream that gives no bytes is waited for.
  ///
  /// @throws Interrupted then: "function: name: stopped at line 17"
  void heed(const std::stop_token& stop) const {
    expects<Interrupted>(!stop.stop_requested(), function_, ": ", name_, ": stopped at line ", number_);
  }

  /// Throws with the place and the reason.
  ///
  /// @param line, column  from 1
  /// @throws FileError always: "function: name:line:column: reason"
  template <class... Parts>
  [[noreturn]] void fail(std::size_t line, std::size_t column, const Parts&... reason) const {
    throw FileError(text_of(function_, ": ", name_, ":", line, ":", column, ": ", reason...));
  }
  template <class... Parts>
  [[noreturn]] void fail(const std::pair<std::size_t, std::size_t>& place, const Parts&... reason) const {
    fail(place.first, place.second, reason...);
  }

  /// Throws with the place of a fault in the line: of a `RecordError`, or else its begin.
  ///
  /// @throws FileError always
  [[noreturn]] void fail(const DataError& fault) const {
    const auto* placed = dynamic_cast<const RecordError*>(&fault);
    fail(number_, placed != nullptr ? placed->column() : 1, fault.what());
  }

 private:
  // The line is the first `length` bytes of the buffer's content, and a line end of `newline` bytes follows.
  void take(std::size_t length, std::size_t newline) {
    const char* const front = buffer_.data() + begin_;
    begin_ += length + newline;
    const std::size_t text = newline == 1 && length > 0 && front[length - 1] == '\r' ? length - 1 : length;
    line_ = {front, text};
    ending_ = {front + text, length + newline - text};
    if (text > limits_.line_bytes) too_long();
    if (has_nul_) {
      const auto* nul = text == 0 ? nullptr : static_cast<const char*>(std::memchr(front, 0, text));
      if (nul != nullptr) fail(number_, static_cast<std::size_t>(nul - front) + 1, "a NUL byte: this is no text file");
    }
    if (has_high_ && encoding_ == Encoding::utf8) {
      const std::size_t place = find_invalid_utf8(line_);
      if (place != std::string_view::npos) fail(number_, place + 1, "expected UTF-8 text, got other bytes");
    }
  }

  [[noreturn]] void too_long() const {
    fail(number_, limits_.line_bytes + 1, "the line is longer than the limit of ", limits_.line_bytes,
         " bytes (ReadLimits::line_bytes)");
  }

  void begin() {
    while (end_ < 3 && fill()) continue;
    const std::string_view front(buffer_.data(), end_);
    if (front.starts_with("\xff\xfe") || front.starts_with("\xfe\xff"))
      fail(1, 1, "expected UTF-8 text, got UTF-16: convert it first");
    if (front.starts_with("\xef\xbb\xbf")) begin_ = 3;
  }

  // Reads more behind what is left of the buffer. False at the end of the stream.
  bool fill() {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    // Small texts get a small buffer.
    constexpr std::size_t enough = std::size_t{1} << 18;
    if (end_ == buffer_.size() || (was_full_ && buffer_.size() < enough)) buffer_.resize(2 * buffer_.size());
    std::size_t count = 0;
    try {
      count = stream_({buffer_.data() + end_, buffer_.size() - end_});
    } catch (const FileError& error) {
      fail(number_, end_ + 1, error.what());
    }
    // A short rest is looked at again, so that one odd byte does not slow down all that follows it.
    look_from(end_ < 4096 ? 0 : end_, end_ + count);
    end_ += count;
    was_full_ = end_ == buffer_.size();
    return count > 0;
  }

  // Notes whether lines in the buffer need the slow checks.
  void look_from(std::size_t first, std::size_t last) {
    if (first == 0) has_nul_ = has_high_ = false;
    if (first == last) return;
    has_nul_ = has_nul_ || std::memchr(buffer_.data() + first, 0, last - first) != nullptr;
    std::uint64_t bits = 0;
    for (; first + 8 <= last; first += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, buffer_.data() + first, 8);
      bits |= word;
    }
    for (; first < last; ++first) bits |= static_cast<unsigned char>(buffer_[first]);
    has_high_ = has_high_ || (bits & 0x8080808080808080ULL) != 0;
  }

  ByteStream stream_;
  std::string name_;
  std::string function_ = "LineReader";
  ReadLimits limits_;
  Encoding encoding_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what of the buffer is not yet handed out
  std::string_view line_, ending_;
  std::size_t number_ = 0;
  bool has_nul_ = false, has_high_ = false, was_full_ = false, finished_ = false, repeat_ = false;
};

}  // namespace longshore::inline LONGSHORE_ABI
