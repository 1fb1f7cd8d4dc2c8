// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/random.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("P11: every id outside a table is refused, naming table, place, id and size; every id inside passes") {
  const ls::Index rows = 1000;
  const ls::Random random(4);
  std::size_t refused = 0, expected = 0;
  std::vector<ls::Id> ids(1);
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    ids[0] = static_cast<ls::Id>(random.bits(i)) % 2000;
    expected += ids[0] < 0 || ids[0] >= rows;
    try {
      ls::check_ids("items", ids.data(), 1, rows);
    } catch (const ls::DataError&) {
      ++refused;
    }
  }
  CHECK(refused == expected);
  const auto refuses = [&](ls::Id id, const char* text) {
    const std::vector<ls::Id> list{0, 999, id};
    CHECK_THROWS_WITH_AS(ls::check_ids("items", list.data(), list.size(), rows), text, ls::DataError);
  };
  refuses(-1, "items: id -1 at position 2 is outside the table of 1000 rows");
  refuses(1000, "items: id 1000 at position 2 is outside the table of 1000 rows");
  refuses(std::numeric_limits<ls::Id>::min(), "items: id -2147483648 at position 2 is outside the table of 1000 rows");
  refuses(std::numeric_limits<ls::Id>::max(), "items: id 2147483647 at position 2 is outside the table of 1000 rows");
}
