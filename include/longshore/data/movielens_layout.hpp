// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/parse_number.hpp>
#include <longshore/io/split_record.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Recognises the rating files of MovieLens by their first line: `u.data` (tabs), `ratings.dat` ("::") and
/// `ratings.csv` (a header). Four numbers of which the third is a time stamp and the fourth is none are no MovieLens.
///
/// Cost: O(first line).
///
/// @return  the layout, or nothing if it is none of them
inline std::optional<RecordLayout> movielens_layout(std::string_view first_line) {
  RecordLayout layout{.user = 0, .item = 1, .value = 2, .time = 3};
  for (const std::string separator : {"\t", "::"}) {
    std::size_t separators = 0;
    for (auto place = first_line.find(separator); place != std::string_view::npos && separators < 4; ++separators)
      place = first_line.find(separator, place + separator.size());
    if (separators != 3) continue;
    layout.format = {.separator = separator, .quotes = false};
    const auto fields = split_record(first_line, layout.format);
    if (!fields || fields->size() != 4) continue;
    std::vector<double> numbers;
    for (const std::string& field : *fields)
      if (const auto number = parse_number<double>(field)) numbers.push_back(*number);
    constexpr double day_of_1973 = 1e8;  // no rating is so high, and no time stamp so low
    if (numbers.size() == 4 && (numbers[2] < day_of_1973 || numbers[3] >= day_of_1973)) return layout;
  }
  if (!first_line.starts_with("userId,movieId,rating,timestamp")) return std::nullopt;
  layout.format = {.separator = ",", .quotes = true};
  layout.has_header = true;
  return layout;
}

}  // namespace longshore::inline LONGSHORE_ABI
