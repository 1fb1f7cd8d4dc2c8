// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/linalg/sum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The sum of a run of numbers by a whole team, to every lane; the order is fixed.
///
/// On a device all lanes must call it, and it waits for them.
///
/// Cost: O(size).
///
/// @param a  (size) contiguous
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION Real team_sum(const Team& team, const Real* a, Index size) {
  if constexpr (Team::single) {
    return sum(a, size);
  } else {
    Real mine = 0;
    for (Index i = team.rank(); i < size; i += team.size()) mine += a[i];
    return team.sum(mine);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
