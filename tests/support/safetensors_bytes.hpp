// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/io/safetensors_reader.hpp>

namespace test {

/// A safetensors file put together by hand: the length of the header, the header, and data of zeros.
inline std::string safetensors_bytes(std::string_view header, std::size_t data_bytes = 0) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  bytes += header;
  bytes.append(data_bytes, '\0');
  return bytes;
}

/// Opens a file in memory and checks every tensor.
///
/// @return  the text of the FileError, or "accepted"
inline std::string verdict(std::string_view bytes, const longshore::SafetensorsReaderSettings& settings = {}) {
  try {
    const longshore::SafetensorsReader reader(std::as_bytes(std::span(bytes)), settings);
    reader.verify();
    return "accepted";
  } catch (const longshore::FileError& error) {
    return error.what();
  }
}

}  // namespace test
