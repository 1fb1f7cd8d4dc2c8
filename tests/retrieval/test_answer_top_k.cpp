// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/answer_top_k.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <utility>
#include <vector>

#include "../support/host_spaces.hpp"
#include "../support/top_k_arrays.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("check_finite_rows: says which number of which row is none") {
  auto rows = filled_tensor<float, 2, Space>({1, 2, 3, 4}, 2, 2);
  CHECK_NOTHROW(ls::check_finite_rows("test", "rows", std::as_const(rows).view()));
  rows.view()(1, 1) = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(ls::check_finite_rows("test", "rows", std::as_const(rows).view()),
                       "test: expected finite numbers, row 1 of the rows has -inf at 1", ls::DataError);
}

TEST_CASE("top_k_parts: one for each thread, and no more than panels") {
  CHECK(ls::top_k_parts<float>(ls::Inline{}, 1'000'000) == 1);
  CHECK(ls::top_k_parts<float>(Space{}, 1'000'000) == 1);
  for_every_other_host([&](auto other_space) {
    CHECK(ls::top_k_parts<float>(other_space, 1'000'000'000) == other_space.concurrency());
    CHECK(ls::top_k_parts<float>(other_space, 1) == 1);
  });
}

TEST_CASE("answer_top_k: only queries that are not restricted to a few items are searched among all") {
  const TopKArrays<float> arrays(640, 3, 4, 5, 1);
  const ls::TopKIndex<float> index{
      "test", 640, {arrays.panels.data(), 4, ls::top_k_panel<float>}, ls::ItemSimilarity::dot};
  std::vector<ls::Id> ids;
  std::vector<ls::Index> offsets{0};
  for (const ls::Index length : {10, 11, 0}) {  // a sixty-fourth, and one more
    for (ls::Index j = 0; j < length; ++j) ids.push_back(j);
    offsets.push_back(static_cast<ls::Index>(ids.size()));
  }
  ls::QueryFilters<Space> filters;
  filters.allowed = {{ids.data(), 21}, {{offsets.data(), 4}, 11}, {}};
  ls::Inference<Space> context;
  int searched = 0;
  const auto lists = ls::answer_top_k(context, index, arrays.queries.view(), 5, filters,
                                      [&](const ls::TopKSearch<float>& search, const auto& into) {
                                        searched += search.queries;
                                        CHECK(search.row(0) == 1);
                                        ls::top_k<float, Space>(Space{}, search, into.items, into.scores);
                                      });
  CHECK(searched == 1);
  CHECK(lists.items(0, 4) >= 0);
  CHECK(lists.items(1, 4) >= 0);
  CHECK(lists.items(2, 0) == -1);
}
