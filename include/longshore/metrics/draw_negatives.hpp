// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/random.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Draws items uniformly without replacement from those that are not excluded.
///
/// The draw depends on the random numbers and the excluded items only. Cost: O(C) expected, or O(I) where more than
/// half of what is left is wanted.
///
/// @param random    positioned at the row: its stream and step
/// @param excluded  (I) what must not be drawn; on return also what was drawn
/// @param left      how many items are not excluded
/// @param drawn     (C) overwritten with different ids, in the order of drawing
/// @throws DataError if fewer are left than wanted
inline void draw_negatives(const Random& random, std::vector<bool>& excluded, std::size_t left, std::span<Id> drawn) {
  expects<DataError>(drawn.size() <= left, "draw_negatives: expected at least ", drawn.size(),
                     " items that are neither relevant nor removed, got ", left);
  const std::size_t items = excluded.size();
  std::uint64_t draw = 0;
  if (2 * drawn.size() <= left && 8 * left >= items) {  // at most 16 draws a free item, on average
    for (Id& item : drawn) {
      std::size_t candidate = items;
      do candidate = static_cast<std::size_t>(random.below(draw++, items));
      while (excluded[candidate]);
      excluded[candidate] = true;
      item = static_cast<Id>(candidate);
    }
    return;
  }
  std::vector<Id> free;
  free.reserve(left);
  for (std::size_t i = 0; i < items; ++i)
    if (!excluded[i]) free.push_back(static_cast<Id>(i));
  for (std::size_t i = 0; i < drawn.size(); ++i) {  // Fisher and Yates, the front only
    const auto other = i + static_cast<std::size_t>(random.below(draw++, free.size() - i));
    std::swap(free[i], free[other]);
    drawn[i] = free[i];
    excluded[static_cast<std::size_t>(free[i])] = true;
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
