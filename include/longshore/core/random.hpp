// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <longshore/core/philox.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Random numbers by position: the number at an index depends on seed, stream, step and index, and on nothing else.
///
///     Random random(7);
///     auto shuffling = random.stream("shuffle").at(epoch);
///     float x = shuffling.uniform<float>(i);
///
/// Trivially copyable; drawing changes nothing, so kernels, threads and resumed runs get the same numbers.
/// Philox counter: (index low, index high, step, stream), key: the seed.
///
/// Cost: one `philox` a draw, which gives four words: kernels that need many take `block`.
class Random {
 public:
  KOKKOS_DEFAULTED_FUNCTION Random() = default;
  KOKKOS_INLINE_FUNCTION explicit Random(std::uint64_t seed) : seed_(seed) {}

  /// The same seed, another purpose. Streams may be taken from streams.
  Random stream(std::string_view purpose) const {
    std::uint32_t hash = 2166136261u ^ stream_;  // FNV-1a
    for (const char letter : purpose) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619u;
    return stream(hash);
  }

  /// The same, for streams that are numbered.
  KOKKOS_INLINE_FUNCTION Random stream(std::uint32_t number) const {
    Random other = *this;
    // A bijective mix of 32 bits, so that nearby numbers give unrelated streams.
    std::uint32_t x = number + 0x9E3779B9u * (stream_ + 1);
    x = (x ^ (x >> 16)) * 0x85EBCA6Bu;
    x = (x ^ (x >> 13)) * 0xC2B2AE35u;
    other.stream_ = x ^ (x >> 16);
    return other;
  }

  /// The same stream at another step (batch, epoch, time).
  KOKKOS_INLINE_FUNCTION Random at(std::uint64_t step) const {
    Random other = *this;
    other.step_ = static_cast<std::uint32_t>(step) ^ static_cast<std::uint32_t>((step >> 32) * 0x9E3779B9u);
    return other;
  }

  /// Four independent words; block i holds the 32-bit draws 4 i to 4 i + 3.
  KOKKOS_INLINE_FUNCTION FourWords block(std::uint64_t i) const {
    return philox({{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i >> 32), step_, stream_}},
                  static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32));
  }

  /// Some blocks at a time: words[w][k] is word w of block indices[k]. On a host computed in vectors.
  template <int count>
  KOKKOS_INLINE_FUNCTION void blocks(const std::uint64_t (&indices)[count], std::uint64_t (&words)[4][count]) const {
#if LONGSHORE_ON_DEVICE
    for (int k = 0; k < count; ++k) {
      const FourWords drawn = block(indices[k]);
      for (int w = 0; w < 4; ++w) words[w][k] = drawn.words[w];
    }
#else
    for (int k = 0; k < count; ++k) {
      words[0][k] = indices[k] & 0xFFFFFFFFu;
      words[1][k] = indices[k] >> 32;
      words[2][k] = step_;
      words[3][k] = stream_;
    }
    philox(words, static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32));
#endif
  }

  /// Draw i: 32 uniform bits.
  KOKKOS_INLINE_FUNCTION std::uint32_t bits(std::uint64_t i) const { return block(i / 4).word(i); }

  /// Uniform 64 bits: the 32-bit draws 2 i (high) and 2 i + 1.
  KOKKOS_INLINE_FUNCTION std::uint64_t bits64(std::uint64_t i) const {
    const FourWords b = block(i / 2);
    return (std::uint64_t{b.word(2 * i)} << 32) | b.word(2 * i + 1);
  }

  /// Uniform in [0, 1): 24 bits for float, 53 for double.
  template <class Real>
  KOKKOS_INLINE_FUNCTION Real uniform(std::uint64_t i) const {
    if constexpr (sizeof(Real) == 4)
      return static_cast<Real>(bits(i) >> 8) * static_cast<Real>(0x1p-24);
    else
      return static_cast<Real>(bits64(i) >> 11) * static_cast<Real>(0x1p-53);
  }

  /// Uniform among 0 .. count - 1 (bias below count / 2^64).
  ///
  /// @param count  at least 1
  KOKKOS_INLINE_FUNCTION std::uint64_t below(std::uint64_t i, std::uint64_t count) const {
    const std::uint64_t x = bits64(i);  // high word of x * count, without a 128-bit type (nvcc, MSVC)
    const std::uint64_t x0 = x & 0xFFFFFFFFu, x1 = x >> 32, c0 = count & 0xFFFFFFFFu, c1 = count >> 32;
    const std::uint64_t middle = x1 * c0 + ((x0 * c0) >> 32);
    return x1 * c1 + (middle >> 32) + ((x0 * c1 + (middle & 0xFFFFFFFFu)) >> 32);
  }

  /// Standard normal, by Box and Muller from the draws of index i. Host and device agree to rounding only: what must be
  /// equal on every backend is drawn on the host.
  template <class Real>
  KOKKOS_INLINE_FUNCTION Real normal(std::uint64_t i) const {
    const FourWords b = block(i);
    const double radius_draw = (static_cast<double>(b.words[0]) + 0.5) * 0x1p-32;
    const double angle_draw = (static_cast<double>(b.words[1]) + 0.5) * 0x1p-32;
    return static_cast<Real>(math::sqrt(-2.0 * math::log(radius_draw)) * math::cos(6.283185307179586 * angle_draw));
  }

  std::uint64_t seed() const { return seed_; }

 private:
  std::uint64_t seed_ = 0;
  std::uint32_t stream_ = 0;
  std::uint32_t step_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
