// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A size that a block works out from its settings: refused where an `Index` does not hold it, before it wraps.
///
///     const Index in = checked_size("MlpScorer", "interest + candidate", std::int64_t{interest} + candidate);
///
/// Cost: O(1).
///
/// @param block  who asks
/// @param size   of which settings, in the words of errors
/// @param value  worked out in 64 bits
/// @throws ShapeError naming the block, the settings and the size, unless it is at least 0 and below 2^31
inline Index checked_size(std::string_view block, const char* size, std::int64_t value) {
  expects(std::in_range<Index>(value) && value >= 0, block, ": ", size, " is at least 0 and below 2^31, it is ", value);
  return static_cast<Index>(value);
}

}  // namespace longshore::inline LONGSHORE_ABI
