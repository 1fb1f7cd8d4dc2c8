// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Counts the letters of a text in UTF-8: its code points, which are the bytes that do not continue one. Letters that a
/// terminal shows two columns wide, or combines, count as any other.
///
/// Cost: O(bytes).
inline std::size_t count_letters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

}  // namespace longshore::inline LONGSHORE_ABI
