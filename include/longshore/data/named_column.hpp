// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/excerpt.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds a column by the name that a user gave, letter by letter.
///
/// Cost: O(header).
///
/// @param header  the names of all columns
/// @throws DataError if there is none of that name; the text has those that there are, 30 at most
inline std::size_t named_column(std::span<const std::string> header, std::string_view wanted) {
  const auto place = std::ranges::find(header, wanted);
  if (place == header.end()) {
    std::string known;
    for (const std::string& name : header.first(std::min<std::size_t>(header.size(), 30)))
      known += (known.empty() ? "" : ", ") + excerpt(name);
    if (header.size() > 30) known += ", ...";
    throw DataError(text_of("expected a column ", excerpt(wanted), " in the header, got ", known));
  }
  return static_cast<std::size_t>(place - header.begin());
}

}  // namespace longshore::inline LONGSHORE_ABI
