// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <longshore/core/random.hpp>
#include <vector>

#include "extents.hpp"

/// Sizes of one example of a recurrent encoder.
struct RecurrentShape {
  int in, hidden, layers;
  bool bidirectional, bias, initial;
  double dropout;
  std::vector<int> lengths;
};

/// Shapes from one number to several groups of sequences, with empty sequences and empty batches.
inline RecurrentShape recurrent_shape(int number) {
  const std::vector<RecurrentShape> shapes{
      {1, 1, 1, false, true, false, 0, {1}},
      {3, 4, 1, false, true, true, 0, {3, 0, 1, 5}},
      {2, 3, 2, true, true, true, 0, {2, 4, 0, 1}},
      {5, 7, 1, true, false, false, 0, {1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 0, 4, 5, 6, 7}},
      {4, 2, 3, false, true, true, 0.3, {4, 3}},
      {2, 3, 2, true, true, false, 0.5, {3, 1, 5}},
      {3, 2, 1, false, true, true, 0, {0, 0}},
      {3, 2, 2, true, true, true, 0, {}},
      {2, 17, 1, false, true, true, 0, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
      {17, 5, 1, true, true, true, 0, {9}},
  };
  if (number >= wide_shape) {  // two layers in one direction, then one in both
    const bool both = number % 2 == 1;
    RecurrentShape wide{2, 3, both ? 1 : 2, both, true, both, 0, {}};
    for (int steps = 0; steps < wide_rows; steps += wide.lengths.back())
      wide.lengths.push_back(14 + static_cast<int>(5 * wide.lengths.size() % 13));
    return wide;
  }
  if (number < static_cast<int>(shapes.size())) return shapes[static_cast<std::size_t>(number)];
  const longshore::Random random = longshore::Random(7).at(static_cast<std::uint64_t>(number));
  const auto draw = [&](std::uint64_t i, std::uint64_t most) { return static_cast<int>(random.below(i, most)); };
  RecurrentShape any{1 + draw(0, 6),
                     1 + draw(1, 6),
                     1 + draw(2, 3),
                     draw(3, 2) == 0,
                     draw(4, 2) == 0,
                     draw(5, 2) == 0,
                     draw(6, 3) == 0 ? 0.3 : 0,
                     {}};
  for (std::uint64_t b = random.below(7, 5); b > 0; --b) any.lengths.push_back(draw(8 + b, 6));
  return any;
}
