// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/io/byte_stream.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes a stream that hands out a text in memory.
///
/// Cost: O(bytes), one copy of the text.
inline ByteStream text_stream(std::string text) {
  return [text = std::move(text), done = std::size_t{0}](std::span<char> bytes) mutable {
    const std::size_t count = std::min(bytes.size(), text.size() - done);
    if (count > 0) std::memcpy(bytes.data(), text.data() + done, count);
    done += count;
    return count;
  };
}

}  // namespace longshore::inline LONGSHORE_ABI
