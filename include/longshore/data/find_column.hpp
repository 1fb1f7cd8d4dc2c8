// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/data/known_columns.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds a column by its well-known names (`known_columns`), letter case, '_', '-', '.' and spaces aside: "userId" and
/// "USER_ID" are one.
///
/// Cost: O(header).
///
/// @param header  the names of all columns
/// @return        the first column with the best known name, or nothing
inline std::optional<std::size_t> find_column(std::span<const std::string> header, ColumnRole role) {
  const auto plain = [](std::string_view text) {
    std::string letters;
    for (const char letter : text)
      if (letter != '_' && letter != '-' && letter != '.' && letter != ' ')
        letters += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    return letters;
  };
  std::string_view names = known_columns(role);
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    for (std::size_t k = 0; k < header.size(); ++k)
      if (plain(header[k]) == names.substr(0, end)) return k;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return std::nullopt;
}

}  // namespace longshore::inline LONGSHORE_ABI
