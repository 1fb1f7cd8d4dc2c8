// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses item ids outside the catalogue.
///
/// Cost: O(N).
///
/// @param function  who asks, for the text of the error
/// @param name      what the ids are, in the plural
/// @param ids       (N)
/// @param items     size of the catalogue
/// @throws DataError with the name, the position, the id and the size
inline void check_item_ids(const char* function, const char* name, std::span<const Id> ids, Index items) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    expects<DataError>(ids[i] >= 0 && ids[i] < items, function, ": the catalogue has ", items, " items, and the ", name,
                       " have the id ", ids[i], " at position ", i);
}

}  // namespace longshore::inline LONGSHORE_ABI
