// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/index.hpp>
#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How many chunks of `size` cover `count`: rounded up, for every count that an `Index` holds, where it does not hold
/// count + size - 1.
///
/// Cost: O(1).
///
/// @param count  at least 0
/// @param size   at least 1
KOKKOS_INLINE_FUNCTION constexpr Index chunk_count(Index count, Index size) {
  return count / size + (count % size != 0 ? 1 : 0);
}

}  // namespace longshore::inline LONGSHORE_ABI
