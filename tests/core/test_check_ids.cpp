// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/random.hpp>
#include <vector>

#include "../support/id_functions.hpp"
#include "../support/sanitized.hpp"

namespace ls = longshore;

namespace {

/// Gives every function that takes ids so many random ones, ten at a time, that are valid or not: it must refuse just
/// those calls with one that is not.
void hand_out(std::uint64_t count) {
  const ls::Random random(6);
  const std::vector<ls::Id> wrong{-1, test::id_rows, std::numeric_limits<ls::Id>::min(),
                                  std::numeric_limits<ls::Id>::max()};
  for (const test::IdFunction& function : test::id_functions()) {
    CAPTURE(function.header);
    std::uint64_t mistakes = 0, refusals = 0;
    std::vector<ls::Id> ids(10);
    for (std::uint64_t i = 0; i < count; i += ids.size()) {
      bool all_valid = true;
      for (std::uint64_t k = 0; k < ids.size(); ++k) {
        const std::uint32_t bits = random.bits(2 * (i + k));
        ids[k] = static_cast<ls::Id>(random.below(2 * (i + k) + 1, test::id_rows));
        if (bits % 32 == 0) ids[k] = wrong[bits / 32 % wrong.size()];
        if (bits % 32 == 1) ids[k] = static_cast<ls::Id>(bits);
        all_valid = all_valid && ids[k] >= 0 && ids[k] < test::id_rows;
      }
      try {
        function.call(ids);
        mistakes += !all_valid;
      } catch (const ls::DataError&) {
        mistakes += all_valid;
        ++refusals;
      }
    }
    CHECK(mistakes == 0);
    CHECK(refusals > count / 50);
  }
}

}  // namespace

TEST_CASE("P11: every function that takes ids refuses those outside its table and takes those inside") {
  hand_out(1000);
}

TEST_CASE("P11: a million random ids for every function that takes ids" * doctest::test_suite("slow")) {
  hand_out(sanitized ? 20'000 : 1'000'000);
}

TEST_CASE("P11: every id outside a table is refused, naming table, place, id and size; every id inside passes") {
  const ls::Index rows = 1000;
  const ls::Random random(4);
  std::size_t refused = 0, expected = 0;
  std::vector<ls::Id> ids(1);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
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
