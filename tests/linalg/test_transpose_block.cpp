// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/transpose_block.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

namespace ls = longshore;

TEST_CASE_TEMPLATE(
    "transpose_block: every element goes to its place, at any size and stride, and nothing else is touched", Real,
    float, double) {
  for (const ls::Index rows : {0, 1, 3, 4, 8, 15, 16, 17, 32, 37})
    for (const ls::Index columns : {0, 1, 2, 7, 8, 16, 19, 48}) {
      CAPTURE(rows);
      CAPTURE(columns);
      const ls::Index from_stride = columns + 3, to_stride = rows + 2;
      std::vector<Real> from(static_cast<std::size_t>(rows * from_stride + 1));
      for (std::size_t e = 0; e < from.size(); ++e) from[e] = static_cast<Real>(e);
      std::vector<Real> to(static_cast<std::size_t>(columns * to_stride + 1), Real(-1));
      ls::transpose_block(rows, columns, from.data(), from_stride, to.data(), to_stride);
      for (ls::Index j = 0; j < columns; ++j)
        for (ls::Index i = 0; i < to_stride; ++i) {
          const Real expected = i < rows ? static_cast<Real>(i * from_stride + j) : Real(-1);
          REQUIRE(to[static_cast<std::size_t>(j * to_stride + i)] == expected);
        }
    }
}
