// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A part of a text: characters, which it does not own, or a number. With the type erased here, the many sentences of
/// the library are joined by one function instead of one for each list of types.
class TextPart {
 public:
  TextPart(const char* text) : TextPart(std::string_view(text)) {}
  TextPart(std::string_view text) : kind_(Kind::characters), value_{.characters = text} {}
  TextPart(char letter) : kind_(Kind::letter), value_{.letter = letter} {}
  /// A number, which `append_to` writes; a truth value counts as 0 or 1.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  TextPart(Number number) {
    if constexpr (std::is_floating_point_v<Number>) {
      kind_ = Kind::real;
      value_.real = number;
    } else if constexpr (std::is_signed_v<Number>) {
      kind_ = Kind::integer;
      value_.integer = number;
    } else {
      kind_ = Kind::natural;
      value_.natural = number;
    }
  }

  /// Appends it: an integer whole, a real number with six digits as `%g` has them, both as the classic locale does.
  void append_to(std::string& text) const {
    char digits[32];
    std::to_chars_result end{digits, {}};
    switch (kind_) {
      case Kind::characters: text += value_.characters; return;
      case Kind::letter: text += value_.letter; return;
      case Kind::integer: end = std::to_chars(digits, digits + sizeof(digits), value_.integer); break;
      case Kind::natural: end = std::to_chars(digits, digits + sizeof(digits), value_.natural); break;
      case Kind::real:
        end = std::to_chars(digits, digits + sizeof(digits), value_.real, std::chars_format::general, 6);
        break;
    }
    text.append(digits, end.ptr);
  }

 private:
  enum class Kind : char { characters, letter, integer, natural, real };

  union Value {
    std::string_view characters;
    char letter;
    long long integer;
    unsigned long long natural;
    double real;
  };

  Kind kind_;
  Value value_{};
};

/// Joins parts to one text.
///
/// Cost: O(length).
inline std::string join_parts(std::span<const TextPart> parts) {
  std::string text;
  for (const TextPart& part : parts) part.append_to(text);
  return text;
}

/// Joins its arguments, which are texts, characters and numbers, to one text.
///
/// Cost: O(length).
///
/// @return  the text; numbers in the classic locale's form, real ones with six digits
template <class... Parts>
std::string text_of(const Parts&... parts) {
  const TextPart all[] = {TextPart(parts)...};
  return join_parts(all);
}

}  // namespace longshore::inline LONGSHORE_ABI
