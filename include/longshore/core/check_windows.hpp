// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Checks that the arrays of windows fit each other, as blocks do first. What is in them is checked where data enters.
///
/// Cost: O(1).
///
/// @param block  who asks: begins the text of an error
/// @throws ShapeError if there are not as many ends as begins, or pairs are not one more
template <class Space>
void check_windows(const char* block, const Windows<Space>& windows) {
  const Index count = windows.count(), ends = windows.end.extent(0), pairs = windows.pairs.extent(0);
  expects(ends == count, block, ": the windows have ", count, " begins and ", ends, " ends");
  expects(count == 0 || pairs == count + 1, block, ": ", count, " windows need ", count + 1, " pair offsets, ", pairs,
          " came");
}

}  // namespace longshore::inline LONGSHORE_ABI
