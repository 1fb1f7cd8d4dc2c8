// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/category_cap.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <vector>

#include "../support/top_k_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("CategoryCap: hand: no category has more than its number; what is left out may fill up", Where,
                   ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::ItemCategories categories(std::vector<ls::Id>{0, 0, 0, 1, -1, -1, 1});
  auto items = filled_tensor<ls::Id, 2, Space>({1, 0, 2, 3, 4, 5, -1, 6}, 1, 8);
  auto scores = filled_tensor<Real, 2, Space>({8, 7, 6, 5, 4, 3, 2, 1}, 1, 8);
  const ls::TopKLists<Real, Space> lists{items.view(), scores.view()};
  ls::Inference<Space> context;
  const auto kept = ls::CategoryCap(categories, {.most = 1})(context, lists, 6);
  CHECK(row_of(kept.items, 0) == std::vector<ls::Id>{1, 3, 4, 5, -1, -1});
  CHECK(row_of(kept.scores, 0)[1] == 5);
  const auto filled = ls::CategoryCap(categories, {.most = 1, .fill = true})(context, lists, 6);
  CHECK(row_of(filled.items, 0) == std::vector<ls::Id>{1, 3, 4, 5, 0, 2});
  CHECK(row_of(ls::CategoryCap(categories, {.most = 2})(context, lists, 3).items, 0) == std::vector<ls::Id>{1, 0, 3});
}

TEST_CASE_TEMPLATE("CategoryCap: reference: items of several categories count for each, in every list", Where,
                   ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  std::vector<ls::Id> pairs;
  std::vector<std::size_t> offsets{0};
  for (ls::Id i = 0; i < 50; ++i) {
    const auto drawn = static_cast<std::uint64_t>(i);
    for (std::uint64_t c = 0; c < drawn % 4; ++c)
      pairs.push_back(static_cast<ls::Id>(ls::Random(5).below(drawn * 4 + c, 9)));
    offsets.push_back(pairs.size());
  }
  const ls::ItemCategories categories(pairs, offsets);
  ls::Tensor<ls::Id, 2, Space> items(7, 40);
  ls::Tensor<Real, 2, Space> scores(7, 40);
  for (ls::Index row = 0; row < 7; ++row)
    for (ls::Index c = 0; c < 40; ++c) items.view()(row, c) = (c * 11 + row * 5) % 50;
  const ls::TopKLists<Real, Space> lists{items.view(), scores.view()};
  ls::Inference<Space> context;
  for (const ls::Index most : {1, 2, 5}) {
    const auto kept = ls::CategoryCap(categories, {.most = most})(context, lists, 20);
    for (ls::Index row = 0; row < 7; ++row) {
      std::vector<ls::Id> expected;
      std::map<ls::Id, int> counts;
      for (ls::Index c = 0; c < 40 && expected.size() < 20; ++c) {
        const ls::Id item = items.view()(row, c);
        bool room = true;
        for (const ls::Id category : categories.of_item(item)) room &= counts[category] < most;
        if (!room) continue;
        expected.push_back(item);
        for (const ls::Id category : categories.of_item(item)) ++counts[category];
      }
      expected.resize(20, -1);
      REQUIRE(row_of(kept.items, row) == expected);
    }
  }
}

TEST_CASE_TEMPLATE("CategoryCap: edges: what is left out fills as much as there is room for, and never an empty place",
                   Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Real none = -std::numeric_limits<Real>::infinity();
  const ls::ItemCategories categories(std::vector<ls::Id>{0, 0, 0, 1});
  auto items = filled_tensor<ls::Id, 2, Space>({0, -1, 1, 2, 3, 0, 1, 2, 3, -1}, 2, 5);
  auto scores = filled_tensor<Real, 2, Space>({9, none, 7, 6, 5, 4, 3, 2, 1, none}, 2, 5);
  const ls::TopKLists<Real, Space> lists{items.view(), scores.view()};
  ls::Inference<Space> context;
  const auto lists_of = [&](bool fill, ls::Index length) {
    return ls::CategoryCap(categories, {.most = 1, .fill = fill})(context, lists, length);
  };
  const auto some = lists_of(true, 3);  // one of two is left out, in both lists
  CHECK(row_of(some.items, 0) == std::vector<ls::Id>{0, 3, 1});
  CHECK(row_of(some.scores, 0) == std::vector<Real>{9, 5, 7});
  CHECK(row_of(some.items, 1) == std::vector<ls::Id>{0, 3, 1});
  CHECK(row_of(some.scores, 1) == std::vector<Real>{4, 1, 3});
  const auto all = lists_of(true, 6);
  CHECK(row_of(all.items, 0) == std::vector<ls::Id>{0, 3, 1, 2, -1, -1});
  CHECK(row_of(all.scores, 0) == std::vector<Real>{9, 5, 7, 6, none, none});
  const auto kept = lists_of(false, 4);
  CHECK(row_of(kept.items, 1) == std::vector<ls::Id>{0, 3, -1, -1});
  CHECK(row_of(kept.scores, 1) == std::vector<Real>{4, 1, none, none});
}

TEST_CASE("CategoryCap: refused: no item of a category, and items whose categories are not known") {
  using Space = Kokkos::Serial;
  const ls::ItemCategories categories(std::vector<ls::Id>{0});
  CHECK_THROWS_WITH_AS((ls::CategoryCap(categories, {.most = 0})),
                       "CategoryCap: expected at least one item of a category, got most = 0", ls::ShapeError);
  auto items = filled_tensor<ls::Id, 2, Space>({1}, 1, 1);
  auto scores = filled_tensor<float, 2, Space>({1}, 1, 1);
  ls::Inference<Space> context;
  const ls::TopKLists<float, Space> lists{items.view(), scores.view()};
  CHECK_THROWS_WITH_AS((ls::CategoryCap(categories)(context, lists, 1)),
                       "CategoryCap: expected items below 1, or -1 for none, got 1 in list 0", ls::DataError);
}
