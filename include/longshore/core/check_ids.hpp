// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses ids outside a table: in batches and requests, and by blocks that look them up on a host. Kernels believe
/// them.
///
/// Cost: O(count), one comparison an id; nothing is allocated.
///
/// @param table  what the ids point into, for the text: "items"
/// @param ids    host memory
/// @param rows   ids are valid from 0 to rows - 1
/// @throws DataError naming the table, the position, the id and the number of rows
inline void check_ids(const char* table, const Id* ids, std::size_t count, Index rows) {
  std::uint32_t greatest = 0;  // negative ids are above every row
  for (std::size_t i = 0; i < count; ++i) greatest = std::max(greatest, static_cast<std::uint32_t>(ids[i]));
  if (count == 0 || greatest < static_cast<std::uint32_t>(rows)) [[likely]]
    return;
  for (std::size_t i = 0; i < count; ++i)
    if (ids[i] < 0 || ids[i] >= rows)
      throw DataError(text_of(table, ": id ", ids[i], " at position ", i, " is outside the table of ", rows, " rows"));
}

}  // namespace longshore::inline LONGSHORE_ABI
