// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What becomes of the losses of the examples: their mean (over their number, as PyTorch, not over the sum of weights)
/// or sum.
enum class Reduction { mean, sum };

/// What each term is multiplied by. Cost: O(1).
inline double reduction_scale(Reduction reduction, std::int64_t count) {
  return reduction == Reduction::mean && count > 0 ? 1.0 / static_cast<double>(count) : 1.0;
}

}  // namespace longshore::inline LONGSHORE_ABI
