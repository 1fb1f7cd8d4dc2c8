// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/check_windows.hpp>

#include "../support/window_list.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("check_windows: takes windows, sequences, and none at all") {
  const PlacedWindows<Space> placed({{0, 1}, {2, 3}, 3});
  CHECK_NOTHROW(ls::check_windows("Pool", placed.windows()));
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  CHECK_NOTHROW(ls::check_windows("Pool", ls::Windows<Space>(ls::Offsets<Space>{offsets.view(), 0}, 0)));
  CHECK_NOTHROW(ls::check_windows("Pool", ls::Windows<Space>(ls::Offsets<Space>{}, 0)));
  CHECK_NOTHROW(ls::check_windows("Pool", ls::Windows<Space>()));
}

TEST_CASE("check_windows: refuses arrays that do not fit, by the name of the block") {
  ls::Tensor<ls::Index, 1, Space> two(2), three(3), four(4);
  CHECK_THROWS_WITH_AS(ls::check_windows("Pool", ls::Windows<Space>(two.view(), three.view(), four.view(), 0, 0)),
                       "Pool: the windows have 2 begins and 3 ends", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_windows("Pool", ls::Windows<Space>(two.view(), two.view(), four.view(), 0, 0)),
                       "Pool: 2 windows need 3 pair offsets, 4 came", ls::ShapeError);
}
