// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <longshore/core/checked_size.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The vectors of a cube as the rows of a matrix, for layers that look at one vector at a time.
///
/// Cost: O(1), shares elements and gradient.
///
/// @param block  who asks, for errors
/// @param cube   (B, C, D)
/// @return       (B C, D)
/// @throws ShapeError if there are more rows than an `Index` holds
template <class T, class Space>
Matrix<T, Space> rows_of(std::string_view block, const Cube<T, Space>& cube) {
  const Index rows = checked_size(block, "the number of vectors", std::int64_t{cube.extent(0)} * cube.extent(1));
  return reshape(cube, rows, cube.extent(2));
}

}  // namespace longshore::inline LONGSHORE_ABI
