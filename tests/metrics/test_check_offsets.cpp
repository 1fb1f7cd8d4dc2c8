// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_offsets.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("check_offsets: P14, takes rows of any length, the empty one included, and refuses the rest in words") {
  using Offsets = std::vector<std::size_t>;
  CHECK_NOTHROW(ls::check_offsets("f", "offsets", Offsets{0}, 0));
  CHECK_NOTHROW(ls::check_offsets("f", "offsets", Offsets{0, 0, 3, 3}, 3));
  CHECK_THROWS_WITH_AS(ls::check_offsets("f", "offsets", Offsets{}, 0),
                       "f: expected offsets, one more than rows, got none", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_offsets("f", "offsets", Offsets{1, 3}, 3),
                       "f: expected offsets from 0 to 3, the number of entries, got 1 to 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_offsets("f", "offsets", Offsets{0, 2}, 3),
                       "f: expected offsets from 0 to 3, the number of entries, got 0 to 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_offsets("f", "offsets", Offsets{0, 9, 3}, 3),
                       "f: expected offsets that never descend, row 1 goes from 9 to 3", ls::ShapeError);
}
