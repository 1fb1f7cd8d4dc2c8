// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/permutation.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("a permutation meets every element once, for sizes around powers of two and four") {
  for (const std::uint64_t size : {1u, 2u, 3u, 4u, 5u, 15u, 16u, 17u, 63u, 64u, 65u, 1000u, 4096u, 4097u}) {
    CAPTURE(size);
    const ls::Permutation order(size, ls::Random(size));
    std::vector<int> met(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      REQUIRE(order(i) < size);
      ++met[order(i)];
    }
    for (const int count : met) REQUIRE(count == 1);
  }
}

TEST_CASE("another seed gives another order, and places are taken alike") {
  const std::uint64_t size = 50;
  std::vector<int> first(size);
  int same = 0;
  for (std::uint32_t seed = 0; seed < 5000; ++seed) {
    const ls::Permutation order(size, ls::Random(seed));
    ++first[order(0)];
    same += order(1) == order(0) + 1;
  }
  for (const int count : first) CHECK(count == doctest::Approx(100).epsilon(0.45));
  CHECK(same < 200);  // neighbours stay neighbours once in fifty
}
