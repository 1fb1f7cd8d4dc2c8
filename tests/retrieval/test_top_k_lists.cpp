// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/top_k_lists.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include "../support/kernel_case.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("check_listed: refuses lists that no re-ranker can take") {
  auto items = filled_tensor<ls::Id, 2, Space>({0, 4, -1, 2}, 2, 2);
  auto scores = filled_tensor<float, 2, Space>({3, 2, 1, 0}, 2, 2);
  const ls::TopKLists<float, Space> lists{items.view(), scores.view()};
  CHECK_NOTHROW(ls::check_listed("test", lists, 1, 5));
  CHECK_THROWS_WITH_AS(ls::check_listed("test", lists, 0, 5), "test: expected to keep at least one item, got 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_listed("test", lists, 1, 4),
                       "test: expected items below 4, or -1 for none, got 4 in list 0", ls::DataError);
  const ls::TopKLists<float, Space> torn{items.view(), {scores.data(), 2, 1}};
  CHECK_THROWS_WITH_AS(ls::check_listed("test", torn, 1, 5), "test: items are 2 x 2, their scores 2 x 1",
                       ls::ShapeError);
}
