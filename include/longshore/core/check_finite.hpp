// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/core/math.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses a setting that is infinite or not a number: every result would be, too. Cost: O(1).
///
/// @throws ShapeError naming the block, the setting and what it is
inline void check_finite(std::string_view block, const char* setting, double value) {
  expects(math::is_finite(value), block, ": ", setting, " is a finite number, it is ", value);
}

}  // namespace longshore::inline LONGSHORE_ABI
