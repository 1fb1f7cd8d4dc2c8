// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The lists that a search gives: of each query the best items, best first.
///
/// Cost: views; copies no elements.
template <class Real, class Space>
struct TopKLists {
  View<Id, 2, Space> items;     ///< (B, K) equal scores by ascending ids; -1 where there are fewer
  View<Real, 2, Space> scores;  ///< (B, K) minus infinity where there are fewer
};

}  // namespace longshore::inline LONGSHORE_ABI
