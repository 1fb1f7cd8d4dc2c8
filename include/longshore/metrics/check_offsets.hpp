// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses offsets that do not cut an array into rows: they start at 0, never descend and end at its length.
///
/// Cost: O(B).
///
/// @param function  who asks, for the text of the error
/// @param name      of the offsets
/// @param offsets   (B+1)
/// @param entries   length of the array
/// @throws ShapeError if they do not
inline void check_offsets(const char* function, const char* name, std::span<const std::size_t> offsets,
                          std::size_t entries) {
  expects(!offsets.empty(), function, ": expected ", name, ", one more than rows, got none");
  expects(offsets.front() == 0 && offsets.back() == entries, function, ": expected ", name, " from 0 to ", entries,
          ", the number of entries, got ", offsets.front(), " to ", offsets.back());
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b)
    expects(offsets[b] <= offsets[b + 1], function, ": expected ", name, " that never descend, row ", b, " goes from ",
            offsets[b], " to ", offsets[b + 1]);
}

}  // namespace longshore::inline LONGSHORE_ABI
