// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a text file may hold at most. A file at a limit is read; one step beyond is a `FileError` with its place.
/// Memory while reading is bounded by these numbers, whatever the file says, gzipped files included.
struct ReadLimits {
  std::size_t line_bytes = std::size_t{1} << 20;  ///< of a line without its end, or of a record with quoted line ends
  std::size_t fields = 4096;                      ///< of a record
  std::size_t rows = 2147483647;                  ///< events, or rows of a table
  std::int32_t users = 2147483647;                ///< different users
  std::int32_t items = 2147483647;                ///< different items
};

}  // namespace longshore::inline LONGSHORE_ABI
