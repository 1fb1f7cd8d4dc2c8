// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/io/dtype.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What to do with NaN and infinities in floating-point tensors of a file.
enum class NonFinite { refuse, accept };

/// Finds the first element of `bytes` all of whose `exponent` bits are set. A helper of first_non_finite.
template <class Word>
std::optional<std::size_t> first_with_exponent(std::span<const std::byte> bytes, Word exponent) {
  constexpr std::size_t block = 1024;  // elements: the inner loop has no branch, so that compilers vectorise it
  const std::size_t elements = bytes.size() / sizeof(Word);
  const auto is_special = [&](std::size_t i) {
    Word word;
    std::memcpy(&word, bytes.data() + i * sizeof(Word), sizeof(Word));
    return (word & exponent) == exponent;
  };
  for (std::size_t begin = 0; begin < elements; begin += block) {
    const std::size_t end = std::min(begin + block, elements);
    bool found = false;
    for (std::size_t i = begin; i < end; ++i) found |= is_special(i);
    if (found)
      for (std::size_t i = begin; i < end; ++i)
        if (is_special(i)) return i;
  }
  return std::nullopt;
}

/// Finds the first NaN or infinity by its bit pattern, whatever floating-point options the compiler was given.
///
/// Cost: O(bytes).
///
/// @param dtype  the type of the elements; integers are always finite
/// @param bytes  the elements, of any alignment
/// @return       the index of the element, or nothing if all are finite
inline std::optional<std::size_t> first_non_finite(Dtype dtype, std::span<const std::byte> bytes) {
  switch (dtype) {
    case Dtype::f64: return first_with_exponent<std::uint64_t>(bytes, 0x7FF0'0000'0000'0000u);
    case Dtype::f32: return first_with_exponent<std::uint32_t>(bytes, 0x7F80'0000u);
    case Dtype::f16: return first_with_exponent<std::uint16_t>(bytes, 0x7C00u);
    case Dtype::bf16: return first_with_exponent<std::uint16_t>(bytes, 0x7F80u);
    default: return std::nullopt;
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
