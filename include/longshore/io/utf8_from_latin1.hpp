// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes a text in ISO 8859-1, where a byte is a code point, as UTF-8.
///
/// Cost: O(bytes).
inline std::string utf8_from_latin1(std::string_view text) {
  std::string converted;
  converted.reserve(text.size());
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x80) {
      converted += letter;
    } else {
      converted += static_cast<char>(0xc0 | (byte >> 6));
      converted += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return converted;
}

}  // namespace longshore::inline LONGSHORE_ABI
