// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <longshore/metrics/check_offsets.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Refuses training histories that a baseline cannot count.
///
/// Cost: O(N).
///
/// @param function  who asks, for the text of the error
/// @param items     size of the catalogue
/// @throws ShapeError if offsets do not fit, or the catalogue is empty
/// @throws DataError  if an item is outside the catalogue
inline void check_histories(const char* function, const Histories& histories, Index items) {
  expects(items > 0, function, ": expected a catalogue of at least one item, got ", items);
  check_offsets(function, "offsets of the histories", histories.offsets, histories.items.size());
  check_item_ids(function, "histories", histories.items, items);
}

}  // namespace longshore::inline LONGSHORE_ABI
