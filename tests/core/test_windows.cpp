// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/windows.hpp>
#include <random>
#include <vector>

namespace ls = longshore;
using Space = Kokkos::DefaultHostExecutionSpace;

TEST_CASE("the windows that hold a row are those between first_with and last_with") {
  std::mt19937 engine(2);
  for (int repetition = 0; repetition < 200; ++repetition) {
    const int rows = 1 + static_cast<int>(engine() % 20), count = static_cast<int>(engine() % 12);
    std::vector<ls::Index> begin, end, pairs{0};
    ls::Index b = 0, e = 0;
    for (int w = 0; w < count; ++w) {
      b = std::min<ls::Index>(rows, b + static_cast<ls::Index>(engine() % 3));
      e = std::min<ls::Index>(rows, std::max<ls::Index>(std::max(b, e), e + static_cast<ls::Index>(engine() % 4)));
      begin.push_back(b);
      end.push_back(e);
      pairs.push_back(pairs.back() + e - b);
    }
    const ls::Windows<Space> windows({begin.data(), count}, {end.data(), count}, {pairs.data(), count + 1},
                                     pairs.back(), rows);
    CHECK(windows.count() == count);
    for (ls::Index row = 0; row < rows; ++row) {
      const ls::Index first = windows.first_with(row), last = windows.last_with(row);
      for (ls::Index w = 0; w < count; ++w) {
        const bool holds = begin[static_cast<std::size_t>(w)] <= row && row < end[static_cast<std::size_t>(w)];
        REQUIRE(holds == (w >= first && w < last));
      }
    }
  }
}

TEST_CASE("sequences are windows: one each, in order") {
  const std::vector<ls::Index> offsets{0, 2, 2, 5};
  const ls::Windows<Space> windows(ls::Offsets<Space>{{offsets.data(), 4}, 3}, 5);
  CHECK(windows.count() == 3);
  CHECK(windows.begin(2) == 2);
  CHECK(windows.end(0) == 2);
  CHECK(windows.pairs(3) == 5);
  CHECK(windows.pair_count == 5);
  CHECK(windows.longest == 3);
  CHECK(ls::Windows<Space>(ls::Offsets<Space>{}, 0).count() == 0);
}
