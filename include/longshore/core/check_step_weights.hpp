// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <longshore/core/log_weight.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether a pooling can weigh a step by it: finite and at least 0. Cost: O(1).
inline bool is_step_weight(float weight) { return math::is_finite(weight) && weight >= 0; }
/// The same of a logarithm: finite, or minus infinity for a step that does not count.
inline bool is_step_weight(const LogWeight& weight) {  // by its bits: -ffast-math knows no infinity
  return math::is_finite(weight.log2) || std::bit_cast<std::uint64_t>(weight.log2) == 0xFFF0000000000000U;
}

/// Refuses weights of steps that are no weights, on a host, as poolings do before they weigh: a share of a sum that may
/// be 0 or less is no share. Elsewhere nothing is read: what is in a batch is made on a host.
///
/// Cost: O(N) on a host, else none; nothing is allocated.
///
/// @param block    who asks: begins the text of an error
/// @param weights  (N) of steps, or their logarithms
/// @param steps    N
/// @throws ShapeError if there are not as many weights as steps
/// @throws DataError  on a host, if a weight is below 0, infinite or not a number, or its logarithm plus infinity or
///                    not a number
template <class Weight, class Space>
void check_step_weights(std::string_view block, const View<const Weight, 1, Space>& weights, Index steps) {
  expects(weights.extent(0) == steps, block, ": ", weights.extent(0), " weights came for ", steps, " steps");
  if constexpr (is_host_space<Space>) {
    bool good = true;
    for (Index t = 0; t < steps; ++t) good &= is_step_weight(weights.data()[t]);
    for (Index t = 0; !good && t < steps; ++t) {
      const Weight& weight = weights.data()[t];
      if constexpr (std::is_same_v<Weight, LogWeight>)
        expects<DataError>(is_step_weight(weight), block,
                           ": the logarithm of a step's weight is finite or minus infinity, number ", t, " is ",
                           weight.log2);
      else
        expects<DataError>(is_step_weight(weight), block, ": a step's weight is finite and at least 0, number ", t,
                           " is ", weight);
    }
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
