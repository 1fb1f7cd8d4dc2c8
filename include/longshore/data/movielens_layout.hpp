// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/parse_number.hpp>
#include <longshore/io/split_record.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Recognises the rating files of MovieLens by their first line: `u.data` (tabs), `ratings.dat` ("::") and
/// `ratings.csv` (a header).
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
    const auto is_number = [](const std::string& field) { return parse_number<double>(field).has_value(); };
    if (fields && fields->size() == 4 && std::ranges::all_of(*fields, is_number)) return layout;
  }
  if (!first_line.starts_with("userId,movieId,rating,timestamp")) return std::nullopt;
  layout.format = {.separator = ",", .quotes = true};
  layout.has_header = true;
  return layout;
}

}  // namespace longshore::inline LONGSHORE_ABI
