// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <climits>
#include <longshore/core/check_windows.hpp>
#include <vector>

#include "../support/error_text.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("check_windows: takes windows, sequences, and none at all") {
  for (int shape = 0; shape < 12; ++shape) {
    const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
    const PlacedWindows<Space> placed(list);
    CHECK_NOTHROW(ls::check_windows("Pool", placed.windows(), list.steps));
  }
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  ls::copy_from_host<ls::Index>({0, 2, 2}, offsets.view());
  CHECK_NOTHROW(ls::check_windows("Pool", ls::Windows<Space>(ls::Offsets<Space>{offsets.view(), 2}, 2), 2));
  CHECK_NOTHROW(ls::check_windows("Pool", ls::Windows<Space>(ls::Offsets<Space>{}, 0), 0));
  CHECK_NOTHROW(ls::check_windows("Pool", ls::Windows<Space>(), 3));
}

TEST_CASE("check_windows: refuses arrays that do not fit, by the name of the block") {
  ls::Tensor<ls::Index, 1, Space> two(2), three(3), four(4);
  CHECK_THROWS_WITH_AS(ls::check_windows("Pool", ls::Windows<Space>(two.view(), three.view(), four.view(), 0, 0), 0),
                       "Pool: the windows have 2 begins and 3 ends", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_windows("Pool", ls::Windows<Space>(two.view(), two.view(), four.view(), 0, 0), 0),
                       "Pool: 2 windows need 3 pair offsets, 4 came", ls::ShapeError);
}

TEST_CASE(
    "check_windows: refuses on a host what kernels would believe: the order, the rows, the pairs and their number") {
  const auto refusal = [](const std::vector<ls::Index>& begins, const std::vector<ls::Index>& ends) {
    const PlacedWindows<Space> placed({begins, ends, 9});
    return test::error_text<ls::DataError>([&] { ls::check_windows("Pool", placed.windows(), 9); });
  };
  CHECK(refusal({0, 3, 2}, {4, 4, 5}) ==
        "Pool: window 2 is rows 2 to 5 behind one of rows 3 to 4: neither begins nor ends may decrease; order the "
        "examples of the batch");
  CHECK(refusal({0, 2, 3}, {4, 6, 5}).starts_with("Pool: window 2 is rows 3 to 5 behind one of rows 2 to 6"));
  CHECK(refusal({0, 5}, {4, 3}) == "Pool: window 1 is rows 5 to 3 of 9");
  CHECK(refusal({0, 5}, {4, 10}) == "Pool: window 1 is rows 5 to 10 of 9");
  CHECK(refusal({-1, 5}, {4, 9}) == "Pool: window 0 is rows -1 to 4 of 9");
  CHECK(refusal({0, 2, 2, 9}, {4, 6, 7, 9}) == "nothing was thrown");

  PlacedWindows<Space> placed({{0, 2}, {4, 6}, 9});
  const auto text = [&] {
    return test::error_text<ls::DataError>([&] { ls::check_windows("Pool", placed.windows(), 9); });
  };
  placed.pair_count = 7;
  CHECK(text() == "Pool: the windows have 8 rows and the longest 4, they say 7 and 4");
  placed.pair_count = 8;
  placed.longest = 3;
  CHECK(text() == "Pool: the windows have 8 rows and the longest 4, they say 8 and 3");
  placed.longest = 5;  // scratch for more than comes
  CHECK(text() == "nothing was thrown");
  placed.pairs.view()(1) = 5;
  CHECK(text() == "Pool: the pair offsets of window 0 are 0 and 5, it has 4 rows");
  placed.pairs.view()(1) = 4;
  placed.pairs.view()(2) = INT_MIN;  // nothing overflows
  CHECK(text() == "Pool: the pair offsets of window 1 are 4 and -2147483648, it has 4 rows");
}
