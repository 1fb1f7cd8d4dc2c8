// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include <longshore/core/index.hpp>
#include <longshore/linalg/lanes_above.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How many of the numbers are above a limit. What is not a number is not.
inline Index count_above(const float* numbers, Index count, float limit) {
  const auto limits = Simd<float>::broadcast(limit);
  Index above = 0, i = 0;
  for (; i + Simd<float>::width <= count; i += Simd<float>::width)
    above += std::popcount(lanes_above(Simd<float>::load(numbers + i), limits));
  for (; i < count; ++i) above += numbers[i] > limit ? 1 : 0;
  return above;
}

/// A limit that at least k of the numbers are above, and not many more: the greatest there is, unless one is found
/// earlier that at most 17/16 k are above. Minus infinity if there are not k.
///
/// By halving the range of the floats, in the order of their bits, at most 32 times: choosing the k-th of some thousand
/// numbers takes several times as long, as no branch of it can be foreseen.
///
/// Cost: O(count), 32 passes at most.
inline float score_threshold(const float* numbers, Index count, Index k) {
  // Floats in the order of whole numbers: those below 0 have their bits but the sign turned.
  const auto number_of = [](std::int64_t order) {
    const auto bits = static_cast<std::int32_t>(order);
    return std::bit_cast<float>(bits < 0 ? bits ^ 0x7FFFFFFF : bits);
  };
  const auto order_of = [](float number) -> std::int64_t {
    const auto bits = std::bit_cast<std::int32_t>(number);
    return bits < 0 ? bits ^ 0x7FFFFFFF : bits;
  };
  constexpr float infinity = std::numeric_limits<float>::infinity();
  if (count_above(numbers, count, -infinity) < k) return -infinity;
  std::int64_t low = order_of(-infinity), high = order_of(infinity);  // enough are above the one, none above the other
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    const Index above = count_above(numbers, count, number_of(middle));
    (above >= k ? low : high) = middle;
    if (above >= k && above - k <= k / 16) break;
  }
  return number_of(low);
}

}  // namespace longshore::inline LONGSHORE_ABI
