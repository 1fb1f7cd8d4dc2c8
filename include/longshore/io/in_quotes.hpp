// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Puts a text from a file between quotation marks for an error message: at most 60 bytes of it, and nothing that a
/// terminal would obey or that is not ASCII. (Not called `quoted`: for a std::string that would find the standard's.)
///
/// Cost: O(1): 60 bytes at most.
inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = "\"";
  for (const char letter : text.substr(0, std::min(text.size(), longest)))
    result += letter >= ' ' && letter <= '~' ? letter : '?';
  result += text.size() > longest ? "...\"" : "\"";
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
