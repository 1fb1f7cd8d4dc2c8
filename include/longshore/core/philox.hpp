// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Four 32-bit words: a counter, or what Philox makes of it.
struct FourWords {
  std::uint32_t words[4];

  /// Word i % 4, chosen and not indexed: words at an index that is not known would lie in a device's local memory.
  KOKKOS_INLINE_FUNCTION std::uint32_t word(std::uint64_t i) const {
    const std::uint32_t even = i & 2 ? words[2] : words[0], odd = i & 2 ? words[3] : words[1];
    return i & 1 ? odd : even;
  }
};

/// Turns a counter and a key into four random words: Philox 4x32 with 10 rounds.
///
/// A pure function, so any element can be drawn by any thread in any order.
///
/// Cost: 20 products of 32 bits for four words.
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; known answers of Random123.
KOKKOS_INLINE_FUNCTION FourWords philox(FourWords counter, std::uint32_t key0, std::uint32_t key1) {
  std::uint32_t* c = counter.words;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * c[2];
    const std::uint32_t next0 = static_cast<std::uint32_t>(product1 >> 32) ^ c[1] ^ key0;
    const std::uint32_t next2 = static_cast<std::uint32_t>(product0 >> 32) ^ c[3] ^ key1;
    c[1] = static_cast<std::uint32_t>(product1);
    c[3] = static_cast<std::uint32_t>(product0);
    c[0] = next0;
    c[2] = next2;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/// The same for some counters at a time: word w of counter i is c[w][i], below 2^32, and in 64 bits for the sake of the
/// products, which are those of vectors. Not inline, for unrolled among other things they would not be.
template <int count>
[[gnu::noinline]] void philox(std::uint64_t (&c)[4][count], std::uint32_t key0, std::uint32_t key1) {
  constexpr std::uint64_t low = 0xFFFFFFFFu;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < count; ++i) {
      const std::uint64_t product0 = 0xD2511F53u * (c[0][i] & low), product1 = 0xCD9E8D57u * (c[2][i] & low);
      c[0][i] = (product1 >> 32) ^ c[1][i] ^ key0;
      c[2][i] = (product0 >> 32) ^ c[3][i] ^ key1;
      c[1][i] = product1 & low;
      c[3][i] = product0 & low;
    }
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
