// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/io/dtype.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One tensor of a file: what it is called, what it holds, where its bytes are.
///
/// Cost: plain data.
struct TensorEntry {
  std::string name = {};
  Dtype dtype = Dtype::f32;
  std::vector<std::int64_t> shape = {};  ///< extents, the last one contiguous; empty: a scalar
  std::uint64_t begin = 0;  ///< first byte, counted from the end of the file's header; set by writer and reader
  std::uint64_t end = 0;    ///< one past the last byte; set by writer and reader
};

/// Multiplies extents to a number of bytes, and never wraps.
///
/// An extent of zero makes it zero, but the others must still fit: whoever lays an empty array out multiplies them.
///
/// Cost: O(rank).
///
/// @param shape          the extents; none: one element
/// @param element_bytes  the bytes of one element
/// @return  nothing if an extent is negative or the product of the others than zero leaves 63 bits
inline std::optional<std::uint64_t> bytes_of(std::span<const std::int64_t> shape, std::uint64_t element_bytes) {
  auto bytes = static_cast<std::int64_t>(element_bytes);
  bool empty = false;
  for (const std::int64_t extent : shape) {
    if (extent < 0) return std::nullopt;
    empty |= extent == 0;
    if (extent > 0 && __builtin_mul_overflow(bytes, extent, &bytes)) return std::nullopt;
  }
  return empty ? 0 : static_cast<std::uint64_t>(bytes);
}

}  // namespace longshore::inline LONGSHORE_ABI
