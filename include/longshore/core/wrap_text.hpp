// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/core/count_letters.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Breaks a text at spaces into lines for a terminal.
///
///     wrap_text("4000 users, 300 items; 9000 events", 20, "  ")  // "4000 users, 300\n  items; 9000 events"
///
/// A word that is longer than a line, such as a path, stays whole on a line of its own. Line breaks of the text stay,
/// too, and no indent comes behind them.
///
/// Cost: O(letters).
///
/// @param width   most letters of a line, as `count_letters` counts them
/// @param indent  what each line but the first of a broken line begins with; counts to the width
/// @return        without a line break at the end, unless the text has one there
inline std::string wrap_text(std::string_view text, std::size_t width = 80, std::string_view indent = "") {
  std::string result;
  for (bool first = true;; first = false) {
    const std::size_t stop = text.find('\n');
    std::string_view line = text.substr(0, stop);
    if (!first) result += '\n';
    std::string before;
    while (count_letters(before) + count_letters(line) > width) {
      // The last space within the width, or the first one behind it.
      std::size_t space = std::string_view::npos, letters = count_letters(before);
      const std::size_t word = line.find_first_not_of(' ');
      for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == ' ' && at > word) space = at;
        letters += count_letters(line.substr(at, 1));
        if (letters > width && space != std::string_view::npos) break;
      }
      if (space == std::string_view::npos) break;
      result += before;
      result += line.substr(0, space);
      result += '\n';
      line.remove_prefix(space + 1);
      before = indent;
    }
    result += before;
    result += line;
    if (stop == std::string_view::npos) return result;
    text.remove_prefix(stop + 1);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
