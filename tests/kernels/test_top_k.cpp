// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/top_k.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "../support/top_k_arrays.hpp"

namespace ls = longshore;

TEST_CASE("top_k: the entries of a list do not wrap") { CHECK(ls::top_k_capacity<float>(2147483647) == 4294967294); }

TEST_CASE_TEMPLATE("top_k: any number of parts, more than panels too, gives the same lists", Real, float, double) {
  using Space = Kokkos::Serial;
  const ls::Index count = 700, queries = 5, k = 20;
  std::vector<double> expected;
  for (const ls::Index parts : {1, 2, 3, 50}) {
    TopKArrays<Real> arrays(count, queries, 6, k, parts);
    ls::top_k<Real, Space>(Space{}, arrays.search, arrays.items.view(), arrays.scores.view());
    for (ls::Index q = 0; q < queries; ++q) REQUIRE(arrays.items.view()(q, k) == -1);  // k are kept
    if (expected.empty()) expected = arrays.numbers();
    CHECK(arrays.numbers() == expected);
  }
  const TopKArrays<Real> arrays(count, queries, 6, k, 1);
  std::vector<std::pair<Real, ls::Id>> all;
  for (ls::Id i = 0; i < count; ++i) {
    Real score = 0;
    for (ls::Index d = 0; d < 6; ++d) score += arrays.table.view()(i, d) * arrays.queries.view()(0, d);
    all.emplace_back(-score, i);
  }
  std::sort(all.begin(), all.end());
  for (std::size_t j = 0; j < 5; ++j) CHECK(expected[j] == all[j].second);
}

TEST_CASE("top_k: queries that come from other rows have the filters of those, and their lists") {
  using Space = Kokkos::Serial;
  TopKArrays<float> plain(200, 3, 4, 5, 2), placed(200, 3, 4, 5, 2);
  ls::top_k<float, Space>(Space{}, plain.search, plain.items.view(), plain.scores.view());
  const ls::Id removed = plain.items.view()(0, 0);
  const std::vector<ls::Index> places{2, 0, 1}, offsets{0, 0, 0, 1};
  placed.search.places = places.data();
  placed.search.filter.removed = {&removed, offsets.data()};  // of row 2, where query 0 comes from
  ls::top_k<float, Space>(Space{}, placed.search, placed.items.view(), placed.scores.view());
  for (ls::Index j = 0; j < 4; ++j) {
    CHECK(placed.items.view()(2, j) == plain.items.view()(0, j + 1));
    CHECK(placed.items.view()(0, j) == plain.items.view()(1, j));
    CHECK(placed.items.view()(1, j) == plain.items.view()(2, j));
  }
}
