// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses offsets that do not cut N rows into sequences, where data enters: kernels believe them.
///
/// Cost: O(B).
///
/// @param function  who asks, for the text
/// @param offsets   on the host; empty for no sequences, which need no rows
/// @param rows      N
/// @throws DataError if they do not start at 0, decrease, or do not end at N, or if `longest` is another length
template <class Space>
void check_offsets(const char* function, const Offsets<Space>& offsets, Index rows) {
  static_assert(is_host_space<Space>, "longshore: check_offsets reads offsets on the host; call it before a copy");
  const Index sequences = offsets.count();
  const Index first = offsets.view.extent(0) > 0 ? offsets.begin(0) : 0;
  expects<DataError>(first == 0, function, ": offsets start at 0, they start at ", first);
  Index longest = 0;
  for (Index b = 0; b < sequences; ++b) {
    expects<DataError>(offsets.begin(b) <= offsets.end(b), function, ": offsets do not decrease, after ",
                       offsets.begin(b), " comes ", offsets.end(b), " at position ", b + 1);
    longest = std::max(longest, offsets.end(b) - offsets.begin(b));
  }
  const Index last = sequences > 0 ? offsets.end(sequences - 1) : 0;
  expects<DataError>(last == rows, function, ": offsets end at the number of rows, ", rows, ", they end at ", last);
  expects<DataError>(longest == offsets.longest, function, ": the longest sequence has ", longest,
                     " steps, the offsets say ", offsets.longest);
}

}  // namespace longshore::inline LONGSHORE_ABI
