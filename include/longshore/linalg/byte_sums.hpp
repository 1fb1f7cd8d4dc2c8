// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The greatest size of the signed bytes that `ByteSums` multiplies without overflow. AVX2 adds two products in 16
/// bits, without a carry only up to 63 times 255.
#if defined(__GNUC__) && !defined(__CUDACC__) && \
    ((defined(__AVX2__) && !defined(__AVX512F__)) || (defined(__AVX512BW__) && !defined(__AVX512VNNI__)))
inline constexpr int byte_limit = 63;
#else
inline constexpr int byte_limit = 127;
#endif

/// A register of 32-bit sums of products of bytes on a host: one lane for each lane of floats.
///
/// With AVX-512 VNNI, AVX2 (or AVX-512 BW) and SSE2 by the processor's own instructions, written by hand: g++ finds
/// none of them, and the header of intrinsics costs 0.2 s a unit. Elsewhere by shifts and products of lanes. All give
/// the same sums.
///
/// Cost: `add_products` 1 instruction with VNNI, 3 with AVX2, 7 with SSE2.
struct ByteSums {
  static constexpr int width = simd_width<float>;
#if defined(__CUDACC__) || !defined(__GNUC__)
  struct Register {
    std::uint32_t lane[width];
    std::uint32_t& operator[](int i) { return lane[i]; }
    std::uint32_t operator[](int i) const { return lane[i]; }
  };
#else
  typedef std::uint32_t Register __attribute__((vector_size(simd_bytes)));  // unsigned: sums wrap on their way
#endif
  Register lanes;

  /// The same sum in every lane.
  static inline ByteSums broadcast(std::int32_t x) {
    ByteSums result;
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) result.lanes[i] = static_cast<std::uint32_t>(x);
#else
    result.lanes = static_cast<std::uint32_t>(x) - Register{};
#endif
    return result;
  }
  /// Four bytes a lane.
  static inline ByteSums load(const void* from) {
    ByteSums result;
    std::memcpy(&result.lanes, from, sizeof(result.lanes));
    return result;
  }

  /// Lane by lane, the sum over four bytes of a's, unsigned, times b's, signed and of at most byte_limit.
  inline void add_products(const ByteSums& a, const ByteSums& b) {
#if defined(__GNUC__) && !defined(__CUDACC__) && defined(__AVX512VNNI__)
    Register sums = lanes;  // a name of its own: g++ would keep what belongs to an array in memory
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(a.lanes), "v"(b.lanes));
    lanes = sums;
#elif defined(__GNUC__) && !defined(__CUDACC__) && \
    ((defined(__AVX2__) && !defined(__AVX512F__)) || (defined(__AVX512BW__) && !defined(__AVX512VNNI__)))
    Register pairs;
    __asm__("vpmaddubsw %2, %1, %0" : "=v"(pairs) : "v"(a.lanes), "v"(b.lanes));
    __asm__("vpmaddwd %2, %1, %0" : "=v"(pairs) : "v"(pairs), "v"(broadcast(0x00010001).lanes));
    lanes += pairs;
#elif defined(__GNUC__) && !defined(__CUDACC__) && defined(__x86_64__) && !defined(__AVX__)
    // Bytes 0 and 2 of a lane, then 1 and 3, as words; those of b with their sign.
    typedef std::int16_t Words __attribute__((vector_size(simd_bytes)));
    const Words left = reinterpret_cast<Words>(a.lanes), right = reinterpret_cast<Words>(b.lanes);
    Words even = left & static_cast<std::int16_t>(255), odd = (left >> 8) & static_cast<std::int16_t>(255);
    __asm__("pmaddwd %1, %0" : "+x"(even) : "x"((right << 8) >> 8));
    __asm__("pmaddwd %1, %0" : "+x"(odd) : "x"(right >> 8));
    lanes += reinterpret_cast<Register>(even) + reinterpret_cast<Register>(odd);
#elif defined(__GNUC__) && !defined(__CUDACC__)
    unroll<4>([&](auto byte) {
      const Register left = (a.lanes >> (8 * byte)) & 255u, right = (b.lanes >> (8 * byte)) & 255u;
      lanes += left * ((right ^ 128u) - 128u);
    });
#else
    for (int byte = 0; byte < 4; ++byte)
      for (int i = 0; i < width; ++i) {
        const std::uint32_t left = (a.lanes[i] >> (8 * byte)) & 255u, right = (b.lanes[i] >> (8 * byte)) & 255u;
        lanes[i] += left * ((right ^ 128u) - 128u);
      }
#endif
  }

  /// The sums, which are signed, as floats.
  inline Simd<float> as_floats() const {
    Simd<float> result;
#if defined(__CUDACC__) || !defined(__GNUC__)
    for (int i = 0; i < width; ++i) result.lanes[i] = static_cast<float>(static_cast<std::int32_t>(lanes[i]));
#else
    typedef std::int32_t Signed __attribute__((vector_size(simd_bytes)));
    result.lanes = __builtin_convertvector(reinterpret_cast<Signed>(lanes), Simd<float>::Register);
#endif
    return result;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
