// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads a number that fills the whole text, in the form of the C locale, whatever locale the program has set.
///
/// Cost: O(letters).
///
/// @return  the number; nothing if the text is anything else: empty, with spaces, a plus sign or a decimal comma, out
///          of the type's range ("1e999", "-1e-999" for a float) or not finite ("nan", "inf")
template <class Number>
  requires std::integral<Number> || std::floating_point<Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  if constexpr (std::floating_point<Number>) {
    // Names such as "inf" begin with a letter; testing that holds under -ffast-math too, std::isfinite does not.
    const char first = text[text[0] == '-' ? 1 : 0];
    if (first != '.' && (first < '0' || first > '9')) return std::nullopt;
  }
  return number;
}

/// Whether a text would be a number with a point in place of its comma.
///
/// Cost: O(letters).
inline bool has_decimal_comma(std::string_view text) {
  std::string with_point(text);
  const std::size_t comma = with_point.find(',');
  if (comma == std::string::npos) return false;
  with_point[comma] = '.';
  return parse_number<double>(with_point).has_value();
}

}  // namespace longshore::inline LONGSHORE_ABI
