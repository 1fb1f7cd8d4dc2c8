// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What makes a query and an item alike: their inner product, or that of both divided by their lengths. A row that is
/// not longer than 1e-12 has no direction, and cosine 0 with all others.
///
/// Cost: of a cosine that of an inner product, and of the rows' lengths once.
enum class Similarity { dot, cosine };

}  // namespace longshore::inline LONGSHORE_ABI
