// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/subspace_row.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "../support/close.hpp"
#include "../support/row_system_case.hpp"

namespace ls = longshore;

// A block's numbers become the best ones for the others: what is left of the residual there is nothing.
TEST_CASE_TEMPLATE("SubspaceRow: the last block has no residual, and each pass comes nearer to the solution", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index block : {1, 4, 7, 16}) {
    CAPTURE(block);
    const ls::Index features = 21;
    test::RowSystemCase<Real, Space> example(5, 60, features, 0.7);
    const auto size = static_cast<std::size_t>(features);
    double before = 1e300;
    for (int pass = 0; pass < 3; ++pass) {
      const auto found = example.by_blocks(block, false, Space{});
      CHECK(found.fit == doctest::Approx(example.objective(found.rows).first).epsilon(50 * tolerance<Real>));
      CHECK(found.fit <= before * (1 + tolerance<Real>));
      before = found.fit;
      double largest = 0, left = 0;
      for (ls::Index r = 0; r < 5; ++r) {
        const auto [a, b] = example.system(r);
        for (std::size_t i = 0; i < size; ++i) {
          largest = std::max(largest, std::abs(b[i]));
          if (static_cast<ls::Index>(i) < (features - 1) / block * block) continue;
          double sum = -b[i];
          for (std::size_t j = 0; j < size; ++j)
            sum += a[i * size + j] * static_cast<double>(found.rows[static_cast<std::size_t>(r) * size + j]);
          left = std::max(left, std::abs(sum));
        }
      }
      CHECK(left < 5 * tolerance<Real> * largest);
      ls::copy_from_host(found.rows, example.start.view());
    }
  }
}

TEST_CASE("SubspaceRow: scratch for whole registers") {
  using Row = ls::SubspaceRow<float, Kokkos::Serial>;
  CHECK(Row::round_up(1) == static_cast<std::size_t>(Row::align));
  CHECK(Row::scratch_size(64, 64, 10) > Row::scratch_size(64, 16, 10));
  CHECK(Row::scratch_size(64, 16, 1000) >= Row::scratch_size(64, 16, 0) + 1000);
}
