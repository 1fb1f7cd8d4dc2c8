// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The largest header that the safetensors reader accepts and the writer makes. The limits are inclusive. With the
/// defaults, opening the most hostile file takes at most twice its size and 1 MiB of memory, and less than a second.
/// The size of the tensors has no limit but the file's.
struct SafetensorsLimits {
  /// Bytes of the header; the format's own limit. At most 2^32 - 1.
  std::uint64_t header_bytes = 100'000'000;
  /// Tensors in a file.
  std::uint64_t tensors = 10'000;
  /// Pairs of metadata in a file, checksums included (one for each tensor and two more).
  std::uint64_t metadata_pairs = 20'000;
  /// Extents of a tensor. At most 255.
  std::uint64_t rank = 8;
  /// Bytes of a tensor's name in UTF-8. At most 65,535.
  std::uint64_t name_bytes = 1'024;
  /// Bytes of the header between two quotation marks, as written: the length of any text, and of what lies between
  /// texts.
  std::uint64_t text_bytes = 65'536;
};

}  // namespace longshore::inline LONGSHORE_ABI
