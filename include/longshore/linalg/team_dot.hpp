// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/linalg/dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The inner product of two runs of numbers by a whole team, to every lane; the order of the sum is fixed.
///
/// On a device all lanes must call it, and it waits for them.
///
/// Cost: O(size).
///
/// @param a, b  (size) contiguous
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION Real team_dot(const Team& team, const Real* a, const Real* b, Index size) {
  if constexpr (Team::single) {
    return dot(a, b, size);
  } else {
    Real mine = 0;
    for (Index i = team.rank(); i < size; i += team.size()) mine += a[i] * b[i];
    return team.sum(mine);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
