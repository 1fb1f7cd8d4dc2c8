// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/query_filters.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <longshore/retrieval/top_k.hpp>
#include <set>
#include <vector>

#include "../support/top_k_case.hpp"

namespace ls = longshore;
using Lists = std::vector<std::vector<ls::Id>>;

namespace {

Lists random_lists(std::uint64_t seed, std::size_t queries, std::uint64_t most, std::uint64_t ids) {
  Lists lists(queries);
  std::uint64_t n = 0;
  for (std::size_t q = 0; q < queries; ++q)
    for (std::uint64_t j = 0; j < most * q / queries; ++j)
      lists[q].push_back(static_cast<ls::Id>(ls::Random(seed).below(n++, ids)));
  return lists;
}
bool has(const std::vector<ls::Id>& list, ls::Id id) { return std::ranges::find(list, id) != list.end(); }

}  // namespace

TEST_CASE_TEMPLATE("QueryFilters: reference: every combination of lists equals asking each item, for few and for many",
                   Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Index count = 1500, k = 40;
  const std::size_t queries = 9;
  const auto items = whole_numbers<Real, Space>(ls::Random(1), count, 5);
  const auto users = whole_numbers<Real, Space>(ls::Random(2), static_cast<ls::Index>(queries), 5);
  std::vector<ls::Id> pairs;
  std::vector<std::size_t> offsets{0};
  for (ls::Id i = 0; i < count; ++i) {  // up to two of 150 categories; the first has a quarter of all items
    if (i % 5 != 0) pairs.push_back(i % 4 == 0 ? 0 : i * 7 % 150);
    if (i % 3 == 0) pairs.push_back(i % 150);
    offsets.push_back(pairs.size());
  }
  const ls::ItemCategories categories(pairs, offsets);
  const Lists removed = random_lists(3, queries, 300, count), denied = random_lists(4, 1, 0, count);
  Lists allowed = random_lists(5, queries, 900, count);
  allowed[1].resize(15), allowed[2].resize(23), allowed[3].resize(24);  // up to 1500 / 64 they are walked
  const Lists kinds = random_lists(6, queries, 9, 150);
  const Lists unwanted = random_lists(7, queries, 20, 150), sold_out{{7, 3, 3, 1499, 0}};
  const IdSequences<Space> removed_ids(removed), allowed_ids(allowed), kind_ids(kinds), unwanted_ids(unwanted),
      sold_out_ids(sold_out);
  const ls::TopK<Real, Space> index(items.view());
  ls::Inference<Space> context;
  for (int which = 0; which < 32; ++which) {
    CAPTURE(which);
    ls::QueryFilters<Space> filters;
    filters.item_categories = &categories;
    if (which & 1) filters.removed = removed_ids.history;
    if (which & 2) filters.denied = sold_out_ids.history;  // one list for all
    if (which & 4) filters.allowed = allowed_ids.history;
    if (which & 8) filters.categories = kind_ids.history;
    if (which & 16) filters.denied_categories = unwanted_ids.history;
    context.reset();
    const auto lists = index(context, users.view(), k, filters);
    for (std::size_t q = 0; q < queries; ++q) {
      std::set<ls::Id> out;
      for (ls::Id i = 0; i < count; ++i) {
        const auto its = categories.of_item(i);
        const auto in = [&](const std::vector<ls::Id>& list) {
          return std::ranges::any_of(its, [&](ls::Id category) { return has(list, category); });
        };
        const bool passes = (!(which & 1) || !has(removed[q], i)) && (!(which & 2) || !has(sold_out[0], i)) &&
                            (!(which & 4) || has(allowed[q], i)) && (!(which & 8) || in(kinds[q])) &&
                            (!(which & 16) || !in(unwanted[q]));
        if (!passes) out.insert(i);
      }
      auto expected = sorted_items(items, users, static_cast<ls::Index>(q), out);
      expected.resize(static_cast<std::size_t>(k), -1);
      REQUIRE(row_of(lists.items, static_cast<ls::Index>(q)) == expected);
    }
  }
}

TEST_CASE("QueryFilters: edges: one list allows all queries the same; an empty one allows nothing") {
  using Space = Kokkos::Serial;
  const auto items = filled_tensor<float, 2, Space>({1, 2, 3, 4}, 4, 1);
  const auto users = filled_tensor<float, 2, Space>({1, -1}, 2, 1);
  const ls::TopK<float, Space> index(items.view());
  ls::Inference<Space> context;
  const IdSequences<Space> some({{2, 0}}), none(Lists{{}});
  const auto lists = index(context, users.view(), 3, {.allowed = some.history});
  CHECK(row_of(lists.items, 0) == std::vector<ls::Id>{2, 0, -1});
  CHECK(row_of(lists.items, 1) == std::vector<ls::Id>{0, 2, -1});
  CHECK(row_of(index(context, users.view(), 2, {.allowed = none.history}).items, 1) == std::vector<ls::Id>{-1, -1});
}

TEST_CASE("QueryFilters: refused: lists for other queries, categories that nobody gave, or of other items") {
  using Space = Kokkos::Serial;
  const auto items = filled_tensor<float, 2, Space>({1, 2, 3, 4}, 4, 1);
  const auto users = filled_tensor<float, 2, Space>({1, 1, 1}, 3, 1);
  const ls::TopK<float, Space> index(items.view());
  ls::Inference<Space> context;
  const auto ask = [&](const ls::QueryFilters<Space>& filters) { index(context, users.view(), 2, filters); };
  const IdSequences<Space> two({{0}, {1}}), wrong(Lists{{5}});
  CHECK_THROWS_WITH_AS(ask({.allowed = two.history}), "TopK: 2 sequences of allowed items for 3 queries",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ask({.categories = wrong.history}), "TopK: give item_categories for lists of categories",
                       ls::ShapeError);
  const ls::ItemCategories three(std::vector<ls::Id>{0, 1, 1}), four(std::vector<ls::Id>{0, 1, 1, 2});
  CHECK_THROWS_WITH_AS(ask({.categories = wrong.history, .item_categories = &three}),
                       "TopK: categories of 3 items for 4", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ask({.denied_categories = wrong.history, .item_categories = &four}),
                       "TopK: denied categories: id 5 at position 0 is outside the table of 3 rows", ls::DataError);
  CHECK_THROWS_WITH_AS(ask({.denied = wrong.history}),
                       "TopK: denied items: id 5 at position 0 is outside the table of 4 rows", ls::DataError);
  IdSequences<Space> torn({{0, 1}});
  torn.offsets.view()(1) = 1;
  CHECK_THROWS_WITH_AS(ask({.allowed = torn.history}),
                       "TopK: allowed items: offsets end at the number of rows, 2, they end at 1", ls::DataError);
}

TEST_CASE("RowsOfFilters: the filters of some queries are those queries' lists, and lists for all stay") {
  using Space = Kokkos::Serial;
  const IdSequences<Space> mine({{1}, {2, 3}, {}, {4, 5, 6}}), all(Lists{{9}});
  ls::RowsOfFilters<Space> rows("test", {.removed = mine.history, .denied = all.history}, 4);
  const auto some = rows.of(1, 3);
  CHECK(some.removed.offsets.count() == 3);
  CHECK(some.removed.offsets.longest == 3);
  CHECK(some.removed.items(0) == 2);
  CHECK(some.removed.items.extent(0) == 5);
  CHECK(some.removed.offsets.begin(2) == 2);
  CHECK(some.denied.items(0) == 9);
  CHECK(some.allowed.offsets.view.data() == nullptr);
  CHECK_THROWS_WITH_AS((ls::RowsOfFilters<Space>("test", {.removed = mine.history}, 5)),
                       "test: 4 sequences of a filter for 5 queries", ls::ShapeError);
}
