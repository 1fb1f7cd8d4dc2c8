// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the integer that orders as the score does: infinities at the ends, both zeros equal, NaN beyond infinity.
///
/// Comparing keys gives the same answers under -ffast-math, where the compiler may assume that there is no NaN.
///
/// Cost: O(1).
///
/// @return  std::int32_t for float, std::int64_t for double; at most `largest_score_key<Real>` in size unless NaN
template <std::floating_point Real>
constexpr auto score_key(Real score) {
  using Key = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;
  static_assert(sizeof(Real) == sizeof(Key), "longshore::score_key takes float or double");
  const Key bits = std::bit_cast<Key>(score);
  const Key sign = bits < 0 ? Key{-1} : Key{0};
  return static_cast<Key>(((bits & std::numeric_limits<Key>::max()) ^ sign) - sign);
}

/// The key of infinity. A score is NaN if and only if its key is larger in size.
template <std::floating_point Real>
inline constexpr auto largest_score_key = score_key(std::numeric_limits<Real>::infinity());

}  // namespace longshore::inline LONGSHORE_ABI
