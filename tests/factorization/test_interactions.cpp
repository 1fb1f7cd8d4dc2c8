// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/interactions.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>

#include "../support/histories.hpp"
#include "../support/log_of.hpp"
#include "../support/spaces.hpp"
#include "../support/sparse.hpp"

namespace ls = longshore;
using test::Triplets;

TEST_CASE_TEMPLATE("Interactions: a log becomes users by items, and items by users", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto log = test::log_of({{"u", "b", 4, 1}, {"v", "a", 2, 2}, {"u", "a", 5, 3}, {"w", "c", 1, 4}});
  const ls::Interactions<Real, Space> all(log);  // u 0, v 1, w 2; b 0, a 1, c 2
  CHECK(all.users() == 3);
  CHECK(all.items() == 3);
  CHECK(all.entries() == 4);
  CHECK(test::triplets_of(all.by_user()) == Triplets{{0, 0, 4}, {0, 1, 5}, {1, 1, 2}, {2, 2, 1}});
  CHECK(test::triplets_of(all.by_item()) == Triplets{{0, 0, 4}, {1, 0, 5}, {1, 1, 2}, {2, 2, 1}});
  const ls::Interactions<Real, Space> some(log, std::vector<std::size_t>{3, 0});
  CHECK(some.users() == 3);
  CHECK(test::triplets_of(some.by_user()) == Triplets{{0, 0, 4}, {2, 2, 1}});
  const auto copied = all;
  CHECK(test::triplets_of(copied.by_item()) == test::triplets_of(all.by_item()));
  CHECK(ls::Interactions<Real, Space>().users() == 0);
}

TEST_CASE_TEMPLATE("Interactions: a user's own memory is read, not copied", Space, LONGSHORE_HOST_SPACES) {
  const auto own = test::random_sparse<float, Space>(ls::Random(3), 20, 11, 0.3);
  const ls::Interactions<float, Space> all(own.rows());
  CHECK(all.by_user().values == own.rows().values);
  CHECK(all.by_user().columns == own.rows().columns);
  Triplets expected;
  for (const auto& [u, i, value] : test::triplets_of(own.rows())) expected.emplace_back(i, u, value);
  std::sort(expected.begin(), expected.end());
  CHECK(test::triplets_of(all.by_item()) == expected);
  const ls::Interactions<float, Space> copied = all;
  CHECK(copied.by_user().values == own.rows().values);
}

TEST_CASE("Interactions: events that repeat are refused, added or the last one counts") {
  using Space = Kokkos::Serial;
  using All = ls::Interactions<float, Space>;
  const auto log = test::log_of({{"u", "a", 4, 3}, {"u", "b", 1, 1}, {"u", "a", 2, 2}, {"u", "a", 2, 9}});
  CHECK_THROWS_WITH_AS(All{log},
                       "Interactions: user 0 has item 0 twice; say RepeatedEvents::add or last, or clean the log with "
                       "`remove_duplicates`",
                       ls::DataError);
  CHECK(test::triplets_of(All(log, ls::RepeatedEvents::add).by_user()) == Triplets{{0, 0, 8}, {0, 1, 1}});
  CHECK(test::triplets_of(All(log, ls::RepeatedEvents::last).by_user()) == Triplets{{0, 0, 2}, {0, 1, 1}});
}

TEST_CASE("P14: Interactions refuse ids outside the catalogue, sums that overflow and rows that are none") {
  using Space = Kokkos::Serial;
  using All = ls::Interactions<float, Space>;
  auto histories = histories_of({{0, 3}, {2}});
  histories.times.assign(3, 0);
  CHECK(test::triplets_of(All(histories, 4).by_user()) == Triplets{{0, 0, 1}, {0, 3, 1}, {1, 2, 1}});
  CHECK_THROWS_WITH_AS(All(histories, 3), "SparseMatrix: row 0, entry 1: column 3 is outside the 3 columns",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(All(histories, -1), "Interactions: expected at least 0 items, got -1", ls::ShapeError);
  const float largest = std::numeric_limits<float>::max();
  const auto log = test::log_of({{"u", "a", largest, 1}, {"u", "a", largest, 2}});
  CHECK_THROWS_WITH_AS(All(log, ls::RepeatedEvents::add), "SparseMatrix: row 0, entry 0: the value is inf",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(All(log, std::vector<std::size_t>{1, 1}), "histories: the row 1 comes twice", ls::DataError);
  const ls::Id columns[] = {2, 1};
  const float values[] = {1, 1};
  const std::int64_t offsets[] = {0, 2};
  CHECK_THROWS_WITH_AS(All(ls::SparseRows<float, Space>{offsets, columns, values, 1, 3, 2}),
                       "Interactions: row 0, entry 1: columns must ascend, each once; 1 comes after 2", ls::DataError);
}
