// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the CRC-32C (Castagnoli) of bytes, one table look-up a byte.
///
/// Cost: O(bytes).
/// Source: RFC 3720, section B.4; reflected polynomial 0x82F63B78. "123456789" gives 0xE3069283.
constexpr std::uint32_t crc32c(std::span<const std::byte> bytes) {
  constexpr auto table = [] {
    std::array<std::uint32_t, 256> remainders{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t remainder = byte;
      for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ (remainder & 1u ? 0x82F6'3B78u : 0u);
      remainders[byte] = remainder;
    }
    return remainders;
  }();
  std::uint32_t remainder = ~0u;
  for (const std::byte byte : bytes)
    remainder = (remainder >> 8) ^ table[(remainder ^ std::to_integer<std::uint32_t>(byte)) & 255u];
  return ~remainder;
}

}  // namespace longshore::inline LONGSHORE_ABI
