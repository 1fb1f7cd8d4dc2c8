// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The weight of a step by its logarithm to base 2, as the step column "decay" holds it: the weights of old steps fall
/// below the smallest float, their logarithms are ordinary numbers.
///
/// Only differences within a window count: poolings divide by the greatest weight of the window before they look at it.
/// So ages may be counted from any moment, and windows that share a history need no weights of their own.
///
/// Cost: plain data, 8 bytes.
struct LogWeight {
  double log2 = 0;  // finite, or minus infinity for a step that does not count
};

}  // namespace longshore::inline LONGSHORE_ABI
