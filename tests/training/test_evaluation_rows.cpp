// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/evaluation_rows.hpp>

#include <cstddef>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/histories.hpp"

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

namespace {

Ids ids(std::span<const ls::Id> some) { return {some.begin(), some.end()}; }

/// Three users; the rows of the log are in another order than the histories.
ls::Histories three_users() {
  ls::Histories all = histories_of({{4, 2, 4}, {}, {0, 1, 3, 5}});
  all.rows = {6, 0, 3, 5, 1, 2, 4};
  return all;
}

}  // namespace

TEST_CASE("each event of a part is a target, and all events before it are seen, whatever part they are of") {
  const std::vector<std::size_t> part{4, 3, 2, 6};  // user 2's two last events, user 0's last and first
  const auto rows = ls::evaluation_rows(three_users(), part);
  REQUIRE(rows.size() == 4);
  CHECK(rows.targets == Ids{4, 4, 3, 5});
  CHECK(ids(rows.history(0)).empty());  // a first event is ranked too, without a history
  CHECK(ids(rows.history(1)) == Ids{4, 2});
  CHECK(ids(rows.history(2)) == Ids{0, 1});
  CHECK(ids(rows.history(3)) == Ids{0, 1, 3});
  CHECK(rows.examples[3].user == 2);
  CHECK(rows.examples[3].position == 3);
}

TEST_CASE("the rows of a ranking remove what was seen, or nothing") {
  const std::vector<std::size_t> part{3, 4};
  const auto rows = ls::evaluation_rows(three_users(), part);
  const ls::RankingRows without_seen = rows.rows(), all = rows.rows(false);
  CHECK_NOTHROW(without_seen.check("test", 6));
  CHECK_NOTHROW(all.check("test", 6));
  for (std::size_t b = 0; b < 2; ++b) {
    CHECK(ids(without_seen.relevant_of(b)) == Ids{rows.targets[b]});
    CHECK(ids(all.relevant_of(b)) == Ids{rows.targets[b]});
    CHECK(ids(without_seen.removed_of(b)) == ids(rows.history(b)));
    CHECK(all.removed_of(b).empty());
  }
}

TEST_CASE("items that cannot be candidates are no targets and not among the seen ones") {
  ls::Histories all = histories_of({{5, 1, 9, 2}, {9, 9}});
  all.rows = {0, 1, 2, 3, 4, 5};
  const std::vector<std::size_t> part = all.rows;
  const auto rows = ls::evaluation_rows(all, part, 9);
  CHECK(rows.size() == 3);
  CHECK(rows.targets == std::vector<ls::Id>{5, 1, 2});
  CHECK(rows.examples.back().position == 3);
  CHECK(rows.history(2).size() == 2);
  CHECK(rows.seen == std::vector<ls::Id>{5, 5, 1});
}

TEST_CASE("a part without events has no rows; one that is not of the log is refused") {
  const auto none = ls::evaluation_rows(three_users(), {});
  CHECK(none.size() == 0);
  CHECK(none.seen_offsets == std::vector<std::size_t>{0});
  const std::vector<std::size_t> outside{7};
  CHECK_THROWS_AS(ls::evaluation_rows(three_users(), outside), ls::DataError);
}
