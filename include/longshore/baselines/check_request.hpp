// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/check_item_ids.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses what a baseline cannot score: a history with unknown items, or an output of another length.
///
/// Cost: O(history).
///
/// @param function  who asks, for the text of the error
/// @param items     size of the catalogue
/// @throws ShapeError if the output has another length
/// @throws DataError  if an item of the history is outside the catalogue
inline void check_request(const char* function, std::span<const Id> history, std::span<const float> out, Index items) {
  expects(out.size() == static_cast<std::size_t>(items), function, ": expected room for ", items,
          " scores, one an item, got ", out.size());
  check_item_ids(function, "history", history, items);
}

}  // namespace longshore::inline LONGSHORE_ABI
