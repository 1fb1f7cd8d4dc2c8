// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <longshore/core/abi.hpp>
#include <longshore/core/batch.hpp>
#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes windows of ranges of rows, in the memory of a batch.
///
/// Cost: O(W).
///
/// @param ranges  (W) each with the rows `begin` to `end`, neither of them descending
/// @throws DataError if they have 2^31 rows or more together
template <class Ranges, class Host>
Windows<Host> windows_of(const Ranges& ranges, Batch<Host>& batch) {
  const std::size_t count = ranges.size();
  const auto begin = batch.template allocate<Index>(count), end = batch.template allocate<Index>(count);
  const auto pairs = batch.template allocate<Index>(count + 1);
  std::int64_t sum = 0;
  Index longest = 0;
  pairs(0) = 0;
  for (std::size_t w = 0; w < count; ++w) {
    const auto i = static_cast<Index>(w);
    begin(i) = ranges[w].begin;
    end(i) = ranges[w].end;
    sum += ranges[w].end - ranges[w].begin;
    expects<DataError>(sum <= INT32_MAX, "LongShortViews: the windows of this batch have 2^31 steps or more");
    pairs(i + 1) = static_cast<Index>(sum);
    longest = std::max(longest, ranges[w].end - ranges[w].begin);
  }
  return {begin, end, pairs, static_cast<Index>(sum), longest};
}

}  // namespace longshore::inline LONGSHORE_ABI
