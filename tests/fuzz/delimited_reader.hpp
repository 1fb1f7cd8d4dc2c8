// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/text_stream.hpp>
#include "tests/reference/read_delimited.hpp"

/// Reads bytes as records and compares with the slow reference: the same records up to the same error or the end, and an
/// error with its place. The first byte chooses the format and how many bytes the stream gives at a time.
///
/// @return  whether all that holds
inline bool delimited_reader_agrees(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return true;
  const unsigned choice = bytes[0];
  const std::string text(bytes.begin() + 1, bytes.end());
  const std::string separators[] = {",", "\t", "::", "aab"};
  const longshore::DelimitedFormat format{
      .separator = separators[choice & 3], .quotes = (choice & 4) != 0, .ragged = (choice & 8) != 0};

  longshore::ByteStream stream = longshore::text_stream(text);
  if (const std::size_t step = choice >> 4; step > 0)
    stream = [whole = stream, step](std::span<char> room) { return whole(room.first(std::min(step, room.size()))); };

  const DelimitedRecords expected = read_delimited(text, format.separator, format.quotes, format.ragged);
  std::size_t count = 0;
  try {
    longshore::DelimitedReader reader(longshore::LineReader(stream, "text"), format);
    for (; reader.next(); ++count) {
      if (count == expected.records.size() || reader.size() != expected.records[count].size()) return false;
      for (std::size_t k = 0; k < reader.size(); ++k)
        if (reader.text(k) != expected.records[count][k]) return false;
    }
    return !expected.failed && count == expected.records.size();
  } catch (const longshore::FileError& error) {
    const std::string_view words = error.what();
    return expected.failed && count == expected.records.size() && words.starts_with("LineReader: text:");
  }
}
