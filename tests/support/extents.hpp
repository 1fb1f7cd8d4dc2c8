// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <longshore/core/random.hpp>

/// The extents of the shape-th example: the listed ones first, edges among them, then random ones from 1 to `most`.
template <std::size_t Listed, std::size_t Extents>
std::array<int, Extents> extents_of(const int (&listed)[Listed][Extents], const longshore::Random& random, int shape,
                                    std::uint64_t most = 9) {
  std::array<int, Extents> extents{};
  for (std::size_t k = 0; k < Extents; ++k) {
    const bool is_listed = static_cast<std::size_t>(shape) < Listed;
    extents[k] = is_listed ? listed[shape][k] : 1 + static_cast<int>(random.stream("extents").below(k, most));
  }
  return extents;
}
