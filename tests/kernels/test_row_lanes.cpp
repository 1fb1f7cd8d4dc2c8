// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/row_lanes.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace ls = longshore;

TEST_CASE_TEMPLATE("RowLanes: a spread row has every number once, and joined it is the row again", Real, float,
                   double) {
  for (ls::Index features = 1; features < 140; ++features) {
    CAPTURE(features);
    ls::with_row_lanes<Real>(features, [&](const auto& lanes) {
      std::vector<Real> row(static_cast<std::size_t>(features)), joined(row.size());
      std::iota(row.begin(), row.end(), Real(1));
      std::vector<Real> spread(static_cast<std::size_t>(lanes.spread_size()), Real(-1));
      lanes.spread(row.data(), spread.data());
      CHECK(std::accumulate(spread.begin(), spread.end(), Real(0)) ==
            static_cast<Real>(features) * static_cast<Real>(features + 1) / 2);
      for (ls::Index k = 0; k < features; ++k)
        REQUIRE(spread[static_cast<std::size_t>(lanes.place(k))] == static_cast<Real>(k + 1));
      // The last register, loaded from the row, has its numbers where the spread row has them.
      if (lanes.overlaps())
        for (ls::Index k = lanes.repeated(); k < lanes.width; ++k)
          CHECK(spread[static_cast<std::size_t>(lanes.full() * lanes.width + k)] ==
                row[static_cast<std::size_t>(lanes.last_start() + k)]);
      for (Real& number : spread) number += 1;
      lanes.join(spread.data(), joined.data());
      for (std::size_t k = 0; k < row.size(); ++k) REQUIRE(joined[k] == row[k] + 1);
      lanes.clear(spread.data());
      CHECK(std::count(spread.begin(), spread.end(), Real(0)) == lanes.repeated());
    });
  }
}

TEST_CASE_TEMPLATE("RowLanes: the usual ranks have registers known to the compiler", Real, float, double) {
  for (const ls::Index features : {16, 32, 64, 128, 256}) {
    ls::with_row_lanes<Real>(features, [&]<class Vector, int registers>(const ls::RowLanes<Vector, registers>&) {
      CHECK(registers * Vector::width == features);
    });
  }
}
