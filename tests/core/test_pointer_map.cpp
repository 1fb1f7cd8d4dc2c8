// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/pointer_map.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("a pointer map finds what was inserted and nothing else") {
  std::vector<double> keys(1000);
  ls::PointerMap<int> map;
  CHECK(map.find(&keys[0]) == nullptr);
  for (int i = 0; i < 500; ++i) map.insert(&keys[static_cast<std::size_t>(i)], i);
  for (int i = 0; i < 1000; ++i) {
    const int* found = map.find(&keys[static_cast<std::size_t>(i)]);
    REQUIRE((found != nullptr) == (i < 500));
    if (found) REQUIRE(*found == i);
  }
  int sum = 0;
  map.for_each([&](int& value) { sum += value; });
  CHECK(sum == 499 * 500 / 2);
  CHECK_THROWS_WITH_AS(map.insert(&keys[3], 1),
                       "PointerMap: the same memory is named twice; does `visit` name a part twice?", ls::Error);
}
