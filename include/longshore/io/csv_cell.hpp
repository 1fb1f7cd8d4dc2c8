// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <type_traits>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Puts a cell of a table behind what a row has.
///
/// Numbers are written with the fewest digits that give the same number again, whatever the locale, truth values as
/// true and false. A text is put between quotation marks where it would be read as something else without them (RFC
/// 4180); so is an empty one, which alone in its row would be no row.
///
/// Cost: O(letters).
///
/// @param row  without the separator before the cell
template <class Cell>
void append_csv_cell(std::string& row, const Cell& value, char separator = ',') {
  if constexpr (std::is_same_v<Cell, bool>) {
    row += value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<Cell>) {
    static_assert(!std::is_same_v<Cell, char>, "A char is neither a number nor a text: pass an int or a string.");
    std::array<char, 64> digits;
    row.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  } else {
    static_assert(std::is_convertible_v<const Cell&, std::string_view>, "A cell is a number, a bool or a text.");
    const std::string_view text(value);
    const std::array<char, 4> special{separator, '"', '\r', '\n'};
    if (!text.empty() && text.front() != ' ' && text.back() != ' ' &&
        text.find_first_of(std::string_view(special.data(), special.size())) == std::string_view::npos) {
      row += text;
      return;
    }
    row += '"';
    for (const char letter : text) row.append(letter == '"' ? 2 : 1, letter);
    row += '"';
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
