// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/delimited_format.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/text_stream.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Splits one line into its fields, a header say, without the spaces around them.
///
/// Cost: O(letters).
///
/// @return  the fields, or nothing if `DelimitedReader` refuses the line: quotes that do not pair, too many fields
inline std::optional<std::vector<std::string>> split_record(std::string_view line, DelimitedFormat format) {
  DelimitedReader reader(
      LineReader(text_stream(std::string(line)), "line", {.line_bytes = line.size()}, Encoding::bytes),
      std::move(format));
  std::vector<std::string> fields;
  try {
    if (reader.next())
      for (std::size_t k = 0; k < reader.size(); ++k) fields.emplace_back(reader.word(k));
  } catch (const FileError&) {
    return std::nullopt;
  }
  return fields;
}

}  // namespace longshore::inline LONGSHORE_ABI
