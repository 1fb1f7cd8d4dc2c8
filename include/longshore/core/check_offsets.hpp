// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses offsets that do not cut N rows into sequences, as blocks that walk sequences do first: kernels believe them.
/// On a host it reads them; elsewhere it knows whether there are any, and what is in them is checked where data enters,
/// by `check_batch`.
///
/// Cost: O(B) on a host, else O(1); nothing is allocated.
///
/// @param asker    who asks: begins the text of an error
/// @param offsets  empty for no sequences, which need no rows
/// @param rows     N
/// @throws DataError if they do not start at 0, decrease, or do not end at N, or if `longest` is another length
template <class Space>
void check_offsets(std::string_view asker, const Offsets<Space>& offsets, Index rows) {
  const Index sequences = offsets.count();
  if constexpr (is_host_space<Space>) {
    const Index first = offsets.view.extent(0) > 0 ? offsets.begin(0) : 0;
    expects<DataError>(first == 0, asker, ": offsets start at 0, they start at ", first);
    Index longest = 0;
    for (Index b = 0; b < sequences; ++b) {
      expects<DataError>(offsets.begin(b) <= offsets.end(b), asker, ": offsets do not decrease, after ",
                         offsets.begin(b), " comes ", offsets.end(b), " at position ", b + 1);
      longest = std::max(longest, offsets.end(b) - offsets.begin(b));
    }
    const Index last = sequences > 0 ? offsets.end(sequences - 1) : 0;
    expects<DataError>(last == rows, asker, ": offsets end at the number of rows, ", rows, ", they end at ", last);
    expects<DataError>(longest == offsets.longest, asker, ": the longest sequence has ", longest,
                       " steps, the offsets say ", offsets.longest);
  } else {
    // unreached: on a device only
    expects<DataError>(rows == 0 || sequences > 0, asker, ": there are ", rows, " rows and no offsets");
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
