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
struct TensorEntry {
  std::string name = {};
  Dtype dtype = Dtype::f32;
  std::vector<std::int64_t> shape = {};  ///< extents, the last one contiguous; empty: a scalar
  std::uint64_t begin = 0;  ///< first byte, counted from the end of the file's header; set by writer and reader
  std::uint64_t end = 0;    ///< one past the last byte; set by writer and reader
};

/// Multiplies extents to a number of bytes, and never wraps.
///
/// @param shape          the extents; none: one element
/// @param element_bytes  the bytes of one element
/// @return  nothing if an extent is negative or a product leaves 64 bits
inline std::optional<std::uint64_t> bytes_of(std::span<const std::int64_t> shape, std::uint64_t element_bytes) {
  std::uint64_t bytes = element_bytes;
  for (const std::int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes)) return std::nullopt;
  return bytes;
}

}  // namespace longshore::inline LONGSHORE_ABI
