// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/io/checksum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The texts that a safetensors file carries beside its tensors, as (key, value) in the order of the file.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// The metadata keys that the library writes itself. Users' keys must not look like them.
struct SafetensorsKeys {
  /// The checksum of the header: 16 hexadecimal digits of XXH64 (seed 0) over the length field and the header, taken
  /// with these digits as zeros. It is the first pair of the metadata, and the metadata is the first entry of the
  /// header.
  static constexpr std::string_view header = "longshore.xxh64";
  /// What precedes a tensor's name in the key of its checksum, XXH64 (seed 0) over its bytes.
  static constexpr std::string_view tensor = "longshore.xxh64.";
  /// The version of these keys.
  static constexpr std::string_view format = "longshore.format";
  /// The version that this library writes and the newest that it reads.
  static constexpr std::string_view format_version = "1";
  /// What all keys of the library begin with: a file that has one must also have the header's checksum.
  static constexpr std::string_view prefix = "longshore.";
  /// How a header with a checksum begins; the 16 digits follow.
  static constexpr std::string_view opening = R"({"__metadata__":{"longshore.xxh64":")";

  /// Tells whether a key is one that only the library writes.
  static constexpr bool reserved(std::string_view key) { return key.starts_with(header) || key == format; }
};

/// Computes the checksum of a header that begins with SafetensorsKeys::opening and 16 digits, whatever the digits are.
///
/// Cost: O(header).
///
/// @param text  the header without the length field, padding included
/// @return      16 hexadecimal digits
inline std::string header_checksum(std::string_view text) {
  const std::uint64_t length = text.size();
  constexpr std::size_t digits = 16;
  const std::string_view after = text.substr(SafetensorsKeys::opening.size() + digits);
  Checksum checksum;
  checksum.update(std::as_bytes(std::span(&length, 1)));
  checksum.update(std::as_bytes(std::span(SafetensorsKeys::opening)));
  checksum.update(std::as_bytes(std::span(std::string_view("0000000000000000"))));
  checksum.update(std::as_bytes(std::span(after)));
  return checksum.digits();
}

}  // namespace longshore::inline LONGSHORE_ABI
