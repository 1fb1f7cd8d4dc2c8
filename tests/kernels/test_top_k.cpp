// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/top_k.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("pack_top_k: items of a panel lie side by side, the last one is filled up with zeros", Real, float,
                   double) {
  using Space = Kokkos::Serial;
  constexpr ls::Index panel = ls::top_k_panel<Real>, count = panel + 3;
  std::vector<Real> numbers;
  for (int i = 0; i < 2 * count; ++i) numbers.push_back(static_cast<Real>(i + 1));
  const auto table = filled_tensor<Real, 2, Space>(numbers, count, 2);
  CHECK(ls::top_k_panels<Real>(count) == 2);
  std::vector<Real> panels(ls::top_k_packed_size<Real>(count, 2), Real(-1));
  REQUIRE(panels.size() == static_cast<std::size_t>(4 * panel));
  ls::pack_top_k<Real, Space>(Space{}, table.view(), panels.data());
  for (ls::Index i = 0; i < 2 * panel; ++i)
    for (ls::Index d = 0; d < 2; ++d) {
      const auto place = static_cast<std::size_t>((i / panel * 2 + d) * panel + i % panel);
      REQUIRE(panels[place] == (i < count ? static_cast<Real>(2 * i + d + 1) : Real(0)));
    }
}

TEST_CASE("top_k: the entries of a list do not wrap") { CHECK(ls::top_k_capacity<float>(2147483647) == 4294967294); }

TEST_CASE_TEMPLATE("top_k: any number of parts, more than panels too, gives the same lists", Real, float, double) {
  using Space = Kokkos::Serial;
  const ls::Index count = 700, queries = 5, k = 20;
  const auto table = random_tensor<Real, 2, Space>(ls::Random(1), count, 6);
  const auto rows = random_tensor<Real, 2, Space>(ls::Random(2), queries, 6);
  std::vector<Real> panels(ls::top_k_packed_size<Real>(count, 6));
  ls::pack_top_k<Real, Space>(Space{}, table.view(), panels.data());
  std::vector<double> expected;
  for (const ls::Index parts : {1, 2, 3, 50}) {
    const auto capacity = static_cast<ls::Index>(ls::top_k_capacity<Real>(k));
    std::vector<ls::ScoredItem<Real>> lists(static_cast<std::size_t>(parts * queries * capacity));
    std::vector<ls::Index> sizes(static_cast<std::size_t>(parts * queries));
    std::vector<Real> least(sizes.size());
    ls::TopKSearch<Real> search{};
    search.items = count, search.features = 6, search.queries = queries, search.k = k, search.parts = parts;
    search.capacity = capacity, search.panels = panels.data(), search.query_rows = rows.data();
    search.lists = lists.data(), search.sizes = sizes.data(), search.least = least.data();
    ls::Tensor<ls::Id, 2, Space> items(queries, k + 1);
    ls::Tensor<Real, 2, Space> scores(queries, k + 1);
    ls::top_k<Real, Space>(Space{}, search, items.view(), scores.view());
    auto found = numbers_of(items.view());
    for (ls::Index q = 0; q < queries; ++q) REQUIRE(items.view()(q, k) == -1);  // k are kept
    const auto more = numbers_of(scores.view());
    found.insert(found.end(), more.begin(), more.end());
    if (expected.empty()) expected = found;
    CHECK(found == expected);
  }
  std::vector<std::pair<Real, ls::Id>> all;
  for (ls::Id i = 0; i < count; ++i) {
    Real score = 0;
    for (ls::Index d = 0; d < 6; ++d) score += table.view()(i, d) * rows.view()(0, d);
    all.emplace_back(-score, i);
  }
  std::sort(all.begin(), all.end());
  for (std::size_t j = 0; j < 5; ++j) CHECK(expected[j] == all[j].second);
}
