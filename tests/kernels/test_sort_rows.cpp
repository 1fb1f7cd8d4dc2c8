// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sort_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

template <class Space>
void check_sorted(std::int64_t rows, const std::vector<ls::Id>& ids) {
  const auto count = static_cast<ls::Index>(ids.size());
  const auto given = filled_tensor<ls::Id, 1, Space>(ids, count);
  auto sorted = filled_tensor<ls::Id, 1, Space>(std::vector<ls::Id>(ids.size(), -7), count);
  auto order = filled_tensor<ls::Index, 1, Space>(std::vector<ls::Index>(ids.size(), -7), count);
  ls::Tensor<ls::Index, 1, Space> workspace(ls::sort_rows_workspace(count));
  ls::sort_rows<Space>(Space{}, rows, given.view(), sorted.view(), order.view(), workspace.view());
  Kokkos::fence();
  std::vector<ls::Index> expected(ids.size());
  std::iota(expected.begin(), expected.end(), 0);
  std::stable_sort(expected.begin(), expected.end(), [&](ls::Index a, ls::Index b) {
    return ids[static_cast<std::size_t>(a)] < ids[static_cast<std::size_t>(b)];
  });
  const auto places = ls::copy_to_host(order.view());
  CHECK(places == expected);
  const auto in_order = ls::copy_to_host(sorted.view());
  for (std::size_t i = 0; i < ids.size(); ++i) REQUIRE(in_order[i] == ids[static_cast<std::size_t>(expected[i])]);
}

}  // namespace

TEST_CASE_TEMPLATE("sort_rows: ids come out in order, equal ones in theirs, whatever the size of the table", Space,
                   Kokkos::Serial, Kokkos::DefaultExecutionSpace) {
  // One, two and three digits of eleven bits; just below and above each.
  const std::int64_t sizes[] = {1, 2, 2047, 2048, 2049, 5'000'000, std::int64_t{1} << 22, (std::int64_t{1} << 31) - 1};
  for (const std::int64_t rows : sizes)
    for (const int count : {0, 1, 2, 33, 3000}) {
      CAPTURE(rows);
      CAPTURE(count);
      const ls::Random random = ls::Random(5).stream(static_cast<std::uint32_t>(count));
      std::vector<ls::Id> ids;
      for (int i = 0; i < count; ++i) {
        const auto draw = random.below(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(rows));
        ids.push_back(i % 3 == 0 ? static_cast<ls::Id>(rows - 1) : static_cast<ls::Id>(draw));
      }
      check_sorted<Space>(rows, ids);
    }
}

TEST_CASE("sort_rows: hand: three ids of ten rows") {
  check_sorted<Kokkos::Serial>(10, {9, 0, 9});
  check_sorted<Kokkos::Serial>(10, {3, 2, 1, 0});
}
