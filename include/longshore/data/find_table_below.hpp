// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/data/csv_layout.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds a table below a first line that is none of it, such as a title, in what would else be lines of keys with
/// spaces between them: `user item item ...`.
///
/// It is one if the next line that is not empty names columns of users and items, or if more than half of the whole
/// lines have a tab, or a separator in the first of their words: the first line has none.
///
/// Cost: O(text).
///
/// @param text  what follows the first line, or the front of it
/// @return      the line that it begins with, the first one of the text being 1
inline std::optional<std::size_t> find_table_below(std::string_view text) {
  std::size_t lines = 0, fields = 0, number = 0;
  std::optional<std::size_t> first;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && lines > 0) break;  // may be cut off
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(' ') == std::string_view::npos) continue;
    if (lines == 0) {
      try {
        if (csv_layout(line, {.limits = {.fields = line.size() + 1}})) return number;
      } catch (const DataError&) {
        return number;  // it names a column twice
      }
    }
    ++lines;
    const std::string_view word = line.substr(0, line.find(' '));
    const bool has_fields = line.find('\t') != std::string_view::npos || word.find("::") != std::string_view::npos ||
                            word.find_first_of(",;|\"") != std::string_view::npos;
    if (has_fields && !first) first = number;
    fields += has_fields ? 1 : 0;
  }
  return 2 * fields > lines ? first : std::nullopt;
}

}  // namespace longshore::inline LONGSHORE_ABI
