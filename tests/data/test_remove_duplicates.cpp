// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <map>
#include <utility>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/remove_duplicates.hpp>
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Numbers = xt::xtensor<ls::Id, 1>;

namespace {

Numbers rows_of(const ls::InteractionLog& log) { return log.columns.get<ls::Id>("row"); }

}  // namespace

TEST_CASE("remove_duplicates: leaves the first, the last or the strongest event of a pair") {
  const ls::InteractionLog log = test::log_of({{"a", "x", 3, 20},   // 0
                                               {"a", "x", 1, 10},   // 1 the earliest
                                               {"b", "x", 9, 5},    // 2 another pair
                                               {"a", "x", 5, 15},   // 3 the strongest, with
                                               {"a", "x", 5, 18},   // 4 the later of the two
                                               {"a", "x", 2, 20},   // 5 the latest: after 0 in the log
                                               {"a", "y", 1, 1}});  // 6
  CHECK(rows_of(ls::remove_duplicates(log)) == Numbers{1, 2, 6});
  CHECK(rows_of(ls::remove_duplicates(log, ls::Keep::last)) == Numbers{2, 5, 6});
  CHECK(rows_of(ls::remove_duplicates(log, ls::Keep::strongest)) == Numbers{2, 4, 6});
  CHECK(ls::remove_duplicates(ls::InteractionLog()).size() == 0);
}

TEST_CASE("remove_duplicates: agrees with a walk through the log in the order of time") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const ls::InteractionLog log = test::random_log(seed, 400, 6, 9);
    for (const ls::Keep keep : {ls::Keep::first, ls::Keep::last, ls::Keep::strongest}) {
      std::map<std::pair<ls::Id, ls::Id>, std::size_t> kept;
      for (std::size_t row = 0; row < log.size(); ++row) {
        const auto [place, is_new] = kept.try_emplace({log.users(row), log.items(row)}, row);
        const std::size_t held = place->second;
        const bool later = log.times(row) >= log.times(held);
        if (!is_new && (keep == ls::Keep::first               ? !later
                        : keep == ls::Keep::last              ? later
                        : log.values(row) != log.values(held) ? log.values(row) > log.values(held)
                                                              : later))
          place->second = row;
      }
      std::vector<ls::Id> expected;
      for (const auto& [pair, row] : kept) expected.push_back(static_cast<ls::Id>(row));
      std::ranges::sort(expected);
      const Numbers rows = rows_of(ls::remove_duplicates(log, keep));
      REQUIRE(std::vector<ls::Id>(rows.begin(), rows.end()) == expected);
    }
    CHECK(ls::remove_duplicates(log).user_count() == log.user_count());
  }
}
