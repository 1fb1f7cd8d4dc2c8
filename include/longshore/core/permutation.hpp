// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/random.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A random order of 0 .. size - 1 that is never stored: the place of each element is computed when asked for.
///
/// A Feistel network over the next power of four, walked until it lands inside: a bijection for every seed. Any
/// position of an epoch can be made at once, so batches are a pure function of seed, epoch and index.
///
/// Cost: O(1) an element, at most four walks on average.
/// Source: Luby and Rackoff 1988; Black and Rogaway 2002 (cycle walking).
class Permutation {
 public:
  /// A permutation of 0 .. size - 1.
  ///
  /// @param random  draws it: the same seed, stream and step give the same one
  Permutation(std::uint64_t size, const Random& random) : size_(size) {
    while ((std::uint64_t{1} << (2 * half_bits_)) < size_) ++half_bits_;
    for (std::uint32_t round = 0; round < rounds; ++round) keys_[round] = random.bits64(round);
  }

  std::uint64_t size() const { return size_; }

  /// @param i  below size()
  /// @return   below size(), different for every i
  std::uint64_t operator()(std::uint64_t i) const {
    do i = encrypt(i);
    while (i >= size_);
    return i;
  }

 private:
  static constexpr std::uint32_t rounds = 6;

  std::uint64_t encrypt(std::uint64_t x) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = x >> half_bits_, right = x & mask;
    for (const std::uint64_t key : keys_) {
      std::uint64_t mixed = (right + key) * 0x9E3779B97F4A7C15u;
      mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9u;
      const std::uint64_t next = left ^ ((mixed >> 32) & mask);
      left = right;
      right = next;
    }
    return (left << half_bits_) | right;
  }

  std::uint64_t size_;
  std::uint64_t keys_[rounds] = {};
  std::uint32_t half_bits_ = 1;
};

}  // namespace longshore::inline LONGSHORE_ABI
