// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

// Inlined, so that no library has to be linked.
#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#include <xxhash.h>
#undef XXH_INLINE_ALL
#else
#include <xxhash.h>
#endif

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the XXH64 checksum (seed 0) of bytes that come in pieces. It finds accidents, not forgeries.
///
/// Source: xxHash, Yann Collet. Cost: about 10 GB/s.
class Checksum {
 public:
  /// Begins with no bytes.
  Checksum() { XXH64_reset(&state_, 0); }

  /// Adds the next bytes.
  void update(std::span<const std::byte> bytes) {
    if (!bytes.empty()) XXH64_update(&state_, bytes.data(), bytes.size());
  }

  /// The checksum of all bytes so far.
  std::uint64_t value() const { return XXH64_digest(&state_); }

  /// The checksum of all bytes so far as 16 lower-case hexadecimal digits, the form that files hold.
  std::string digits() const {
    std::string text(16, '0');
    std::uint64_t rest = value();
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, rest >>= 4) *digit = "0123456789abcdef"[rest & 15];
    return text;
  }

 private:
  XXH64_state_t state_;
};

}  // namespace longshore::inline LONGSHORE_ABI
