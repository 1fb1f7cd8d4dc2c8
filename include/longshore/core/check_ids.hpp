// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses ids outside a table, where data enters: in batches and requests, not in kernels.
///
/// Cost: O(count).
///
/// @param table  what the ids point into, for the text: "items"
/// @param ids    host memory
/// @param rows   ids are valid from 0 to rows - 1
/// @throws DataError naming the table, the position, the id and the number of rows
inline void check_ids(const char* table, const Id* ids, std::size_t count, Index rows) {
  for (std::size_t i = 0; i < count; ++i)
    if (ids[i] < 0 || ids[i] >= rows) [[unlikely]]
      throw DataError(text_of(table, ": id ", ids[i], " at position ", i, " is outside the table of ", rows, " rows"));
}

}  // namespace longshore::inline LONGSHORE_ABI
