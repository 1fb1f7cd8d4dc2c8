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
  TextPart(std::string_view text) : kind_(Kind::characters), characters_(text) {}
  TextPart(char letter) : kind_(Kind::letter), letter_(letter) {}
  template <class Number>
    requires std::is_arithmetic_v<Number>
  TextPart(Number number) {
    if constexpr (std::is_floating_point_v<Number>) {
      kind_ = Kind::real;
      real_ = number;
    } else if constexpr (std::is_signed_v<Number>) {
      kind_ = Kind::integer;
      integer_ = number;
    } else {
      kind_ = Kind::natural;
      natural_ = number;
    }
  }

  /// Appends it: an integer whole, a real number with six digits as `%g` has them, both as the classic locale does.
  void append_to(std::string& text) const {
    char digits[32];
    std::to_chars_result end{digits, {}};
    switch (kind_) {
      case Kind::characters: text += characters_; return;
      case Kind::letter: text += letter_; return;
      case Kind::integer: end = std::to_chars(digits, digits + sizeof(digits), integer_); break;
      case Kind::natural: end = std::to_chars(digits, digits + sizeof(digits), natural_); break;
      case Kind::real:
        end = std::to_chars(digits, digits + sizeof(digits), real_, std::chars_format::general, 6);
        break;
    }
    text.append(digits, end.ptr);
  }

 private:
  enum class Kind : char { characters, letter, integer, natural, real };

  Kind kind_;
  union {
    std::string_view characters_;
    char letter_;
    long long integer_;
    unsigned long long natural_;
    double real_;
  };
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
