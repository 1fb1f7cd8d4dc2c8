// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <longshore/core/error.hpp>
#include <longshore/metrics/ranking_rows.hpp>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;
using Offsets = std::vector<std::size_t>;

TEST_CASE("RankingRows: one relevant item a row where there are no offsets") {
  const Ids targets{4, 2, 0};
  const ls::RankingRows rows{.relevant = targets};
  CHECK(rows.size() == 3);
  CHECK(rows.relevant_of(1).size() == 1);
  CHECK(rows.relevant_of(1)[0] == 2);
  CHECK(rows.removed_of(1).empty());
  CHECK_NOTHROW(rows.check("f", 5));
}

TEST_CASE("RankingRows: ragged relevant and removed items") {
  const Ids relevant{1, 2, 3}, removed{4, 0};
  const Offsets relevant_offsets{0, 2, 3}, removed_offsets{0, 0, 2};
  const ls::RankingRows rows{relevant, relevant_offsets, removed, removed_offsets};
  CHECK(rows.size() == 2);
  CHECK(rows.relevant_of(0).size() == 2);
  CHECK(rows.relevant_of(1)[0] == 3);
  CHECK(rows.removed_of(0).empty());
  CHECK(rows.removed_of(1).size() == 2);
  CHECK_NOTHROW(rows.check("f", 5));
}

TEST_CASE("RankingRows: P14, refuses what cannot be ranked, in words") {
  const Ids ids{1, 2, 3}, none;
  const Offsets two_rows{0, 2, 3}, empty_row{0, 0, 3}, short_of{0, 1};
  const auto refuses = [](const ls::RankingRows& rows, ls::Index items, const char* text, auto kind) {
    CHECK_THROWS_WITH_AS(rows.check("f", items), text, decltype(kind));
  };
  const ls::ShapeError shape("");
  const ls::DataError data("");
  refuses({.relevant = ids}, 0, "f: expected a catalogue of at least one item, got 0", shape);
  refuses({.relevant = none}, 5, "f: expected at least one row, got none", data);
  refuses({.relevant = ids, .relevant_offsets = short_of}, 5,
          "f: expected relevant_offsets from 0 to 3, the number of entries, got 0 to 1", shape);
  refuses({.relevant = ids, .relevant_offsets = empty_row}, 5,
          "f: row 0 has no relevant item; leave such rows out of the evaluation", data);
  refuses({.relevant = ids, .removed = ids}, 5, "f: expected removed_offsets for the 3 removed items, got none", shape);
  refuses({.relevant = ids, .removed = ids, .removed_offsets = two_rows}, 5,
          "f: expected 4 removed_offsets for 3 rows, got 3", shape);
  refuses({.relevant = ids}, 3, "f: the catalogue has 3 items, and the relevant items have the id 3 at position 2",
          data);
  const Offsets three_rows{0, 1, 2, 3};
  const Ids wrong{0, -7, 0};
  refuses({.relevant = ids, .removed = wrong, .removed_offsets = three_rows}, 5,
          "f: the catalogue has 5 items, and the removed items have the id -7 at position 1", data);
}
