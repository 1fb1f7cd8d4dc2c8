// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
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
#include <longshore/io/read_limits.hpp>
#include <longshore/io/record_error.hpp>
#include <longshore/io/text_stream.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Splits one line into its fields, a header say, without the spaces around them.
///
/// Cost: O(letters).
///
/// @param most  how many fields it may have (`ReadLimits::fields`)
/// @return      the fields, or nothing if `DelimitedReader` refuses the line: quotes that do not pair
/// @throws RecordError if it has more fields, with the place of the first that is too many
inline std::optional<std::vector<std::string>> split_record(std::string_view line, DelimitedFormat format,
                                                            std::size_t most = ReadLimits{}.fields) {
  // The field behind the last one that may be: whatever is wrong from there on, there are too many.
  const std::size_t beyond = std::max(most, most + 1);
  DelimitedReader reader(LineReader(text_stream(std::string(line)), "line",
                                    {.line_bytes = line.size(), .fields = beyond}, Encoding::bytes),
                         std::move(format));
  std::optional<std::vector<std::string>> fields;
  try {
    fields.emplace();
    if (reader.next())
      for (std::size_t k = 0; k < std::min(reader.size(), most); ++k) fields->emplace_back(reader.word(k));
  } catch (const FileError&) {
    fields.reset();
  }
  if (reader.size() > most)
    throw RecordError(text_of("the record has more fields than the limit of ", most, " (ReadLimits::fields)"),
                      reader.place(most).second);
  return fields;
}

}  // namespace longshore::inline LONGSHORE_ABI
