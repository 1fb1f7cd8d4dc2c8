// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/top_k_listed.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/top_k_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("top_k_listed: the listed items have the scores of top_k, bit for bit, in panels and in rows", Real,
                   float, double) {
  using Space = Kokkos::Serial;
  const ls::Index count = 500, k = 12;
  std::vector<ls::Id> ids;
  std::vector<ls::Index> offsets{0};
  for (const ls::Index length : {0, 1, 40, 300}) {
    for (ls::Index j = 0; j < length; ++j) ids.push_back(length == 1 ? 499 : j * count / length);
    offsets.push_back(static_cast<ls::Index>(ids.size()));
  }
  TopKArrays<Real> expected(count, 4, 9, k, 1);
  expected.search.filter.allowed = {ids.data(), offsets.data()};
  ls::top_k<Real, Space>(Space{}, expected.search, expected.items.view(), expected.scores.view());
  CHECK(expected.items.view()(0, 0) == -1);
  CHECK(expected.items.view()(1, 0) == 499);
  for (const ls::Index parts : {1, 3})
    for (const bool in_rows : {false, true}) {
      TopKArrays<Real> arrays(count, 4, 9, k, parts);
      if (in_rows) arrays.search.rows = {arrays.table.data(), 9, 1};
      ls::ListedItems listed;
      listed.filter.allowed = {ids.data(), offsets.data()};
      std::vector<Real> gathered(ls::top_k_listed_workspace<Real>(parts, 9));
      ls::top_k_listed<Real, Space>(Space{}, arrays.search, listed, gathered.data(), arrays.items.view(),
                                    arrays.scores.view());
      CHECK(arrays.numbers() == expected.numbers());
    }
}

TEST_CASE("top_k_listed: of equal scores the lowest ids stay, in whatever order they are listed") {
  using Space = Kokkos::Serial;
  TopKArrays<float> arrays(600, 1, 2, 3, 1);
  std::vector<float> ones(ls::top_k_packed_size<float>(600, 2), 1.0f);
  arrays.search.rows.numbers = ones.data();
  // Category 1 holds the later items, and comes first in none but the list of items.
  std::vector<std::size_t> category_offsets, item_offsets{0, 300, 600};
  std::vector<ls::Id> categories_of, items;
  for (ls::Id i = 0; i < 600; ++i)
    category_offsets.push_back(static_cast<std::size_t>(i)), categories_of.push_back(i < 300);
  category_offsets.push_back(600);
  for (ls::Id i = 300; i < 600; ++i) items.push_back(i);
  for (ls::Id i = 0; i < 300; ++i) items.push_back(i);
  const std::vector<ls::Id> both{0, 1};
  const std::vector<ls::Index> offsets{0, 2};
  ls::ListedItems listed{{}, item_offsets.data(), items.data()};
  listed.filter.categories = {both.data(), offsets.data()};
  listed.filter.category_offsets = category_offsets.data(), listed.filter.categories_of = categories_of.data();
  std::vector<float> gathered(ls::top_k_listed_workspace<float>(1, 2));
  ls::top_k_listed<float, Space>(Space{}, arrays.search, listed, gathered.data(), arrays.items.view(),
                                 arrays.scores.view());
  CHECK(numbers_of(arrays.items.view()) == std::vector<double>{0, 1, 2, -1});
}
