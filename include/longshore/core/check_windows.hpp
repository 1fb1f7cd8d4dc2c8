// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses windows that do not fit each other or their rows, as blocks do first: kernels believe them, and sum
/// gradients of windows out of order wrongly. On a host it reads them; elsewhere it knows their extents only, and what
/// is in them is checked where data enters, by `check_batch`.
///
/// Cost: O(W) on a host, else O(1); nothing is allocated.
///
/// @param block  who asks: begins the text of an error
/// @param rows   N, of the steps that the windows are over
/// @throws ShapeError if there are not as many ends as begins, or pairs are not one more
/// @throws DataError  on a host, if a window ends before it begins or is not among the rows; if begins or ends
///                    decrease; if pairs do not count the rows of the windows from 0 on; or if there are more pairs or
///                    a longer window than the windows say
template <class Space>
void check_windows(const char* block, const Windows<Space>& windows, Index rows) {
  const Index count = windows.count(), ends = windows.end.extent(0), pairs = windows.pairs.extent(0);
  expects(ends == count, block, ": the windows have ", count, " begins and ", ends, " ends");
  expects(count == 0 || pairs == count + 1, block, ": ", count, " windows need ", count + 1, " pair offsets, ", pairs,
          " came");
  if constexpr (is_host_space<Space>) {
    Index longest = 0, last_begin = 0, last_end = 0;
    for (Index w = 0; w < count; ++w) {
      const Index begin = windows.begin(w), end = windows.end(w);
      expects<DataError>(begin >= 0 && begin <= end && end <= rows, block, ": window ", w, " is rows ", begin, " to ",
                         end, " of ", rows);
      expects<DataError>(begin >= last_begin && end >= last_end, block, ": window ", w, " is rows ", begin, " to ", end,
                         " behind one of rows ", last_begin, " to ", last_end,
                         ": neither begins nor ends may decrease; order the examples of the batch");
      const std::int64_t next = std::int64_t{windows.pairs(w)} + (end - begin);
      expects<DataError>(windows.pairs(0) == 0 && windows.pairs(w + 1) == next, block, ": the pair offsets of window ",
                         w, " are ", windows.pairs(w), " and ", windows.pairs(w + 1), ", it has ", end - begin,
                         " rows");
      longest = std::max(longest, end - begin);
      last_begin = begin;
      last_end = end;
    }
    const Index all = count > 0 ? windows.pairs(count) : 0;
    expects<DataError>(windows.pair_count == all && windows.longest >= longest, block, ": the windows have ", all,
                       " rows and the longest ", longest, ", they say ", windows.pair_count, " and ", windows.longest);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
