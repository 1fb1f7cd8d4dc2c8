// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <longshore/core/random.hpp>

/// From this one on, examples are so large that kernels share their work out among several teams: what sums over the
/// batch is cut into at least three parts. Two neighbours differ in the settings that go by turns.
inline constexpr int wide_shape = 1000;
/// Rows or pairs of a wide example, and steps of a recurrent one. Kernels sum at most 1,024 of them in one part.
inline constexpr int wide_rows = 3100;

/// The extents of the shape-th example: the listed ones first, edges among them, then random ones from 1 to `most`.
///
/// @param wide_axis  the extent that is large in wide shapes: the one that is summed over
template <std::size_t Listed, std::size_t Extents>
std::array<int, Extents> extents_of(const int (&listed)[Listed][Extents], const longshore::Random& random, int shape,
                                    std::uint64_t most = 9, std::size_t wide_axis = 0) {
  std::array<int, Extents> extents{};
  if (shape >= wide_shape) {
    for (std::size_t k = 0; k < Extents; ++k) extents[k] = 4 + 2 * static_cast<int>(k);
    extents[wide_axis] = wide_rows;
    return extents;
  }
  for (std::size_t k = 0; k < Extents; ++k) {
    const bool is_listed = static_cast<std::size_t>(shape) < Listed;
    extents[k] = is_listed ? listed[shape][k] : 1 + static_cast<int>(random.stream("extents").below(k, most));
  }
  return extents;
}
