// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/data/windows_of.hpp>
#include <vector>

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

namespace {

struct Range {
  ls::Index begin, end;
};

}  // namespace

TEST_CASE("windows of ranges have their rows, and count the pairs before each") {
  ls::Batch<Host> batch;
  const auto windows = ls::windows_of(std::vector<Range>{{0, 2}, {1, 5}, {5, 5}}, batch);
  REQUIRE(windows.count() == 3);
  CHECK(ls::copy_to_host(windows.begin) == std::vector<ls::Index>{0, 1, 5});
  CHECK(ls::copy_to_host(windows.end) == std::vector<ls::Index>{2, 5, 5});
  CHECK(ls::copy_to_host(windows.pairs) == std::vector<ls::Index>{0, 2, 6, 6});
  CHECK(windows.pair_count == 6);
  CHECK(windows.longest == 4);
  CHECK(ls::windows_of(std::vector<Range>(), batch).pairs(0) == 0);
}

TEST_CASE("P10: more rows than an Index counts are refused") {
  ls::Batch<Host> batch;
  const std::vector<Range> ranges(2, Range{0, 1'073'741'824});
  CHECK_THROWS_WITH_AS(ls::windows_of(ranges, batch),
                       "LongShortViews: the windows of this batch have 2^31 steps or more", ls::DataError);
  CHECK(ls::windows_of(std::vector<Range>{{0, 1'073'741'824}, {0, 1'073'741'823}}, batch).pair_count == INT32_MAX);
}
