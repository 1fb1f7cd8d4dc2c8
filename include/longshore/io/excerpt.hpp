// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Text from a file as an error shows it: in quotes, at most 60 bytes, whatever is not printable ASCII as `\xNN`, so
/// that a hostile file can neither fill the screen nor steer the terminal.
///
/// Cost: O(1): 60 bytes at most.
inline std::string excerpt(std::string_view text, char quote = '\'') {
  constexpr std::size_t most = 60;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown(1, quote);
  for (const char letter : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x20 && byte < 0x7f) {
      shown += letter;
    } else {
      shown += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  shown += quote;
  return shown + (text.size() > most ? "..." : "");
}

}  // namespace longshore::inline LONGSHORE_ABI
