// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/rating_schedule.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "../support/rating_case.hpp"
#include "../support/visit_order.hpp"

namespace ls = longshore;

TEST_CASE("RatingSchedule: reference: all ratings, or those of some users, once, and their mean loss") {
  const auto list = RatingList::random(5, 30, 20, 0.5);
  const RatingCase<float, Kokkos::Serial> data(list);
  for (const ls::Index groups : {1, 4, 1000}) {
    ls::RatingSchedule<float, Kokkos::Serial> schedule(Kokkos::Serial(), data.interactions, groups, 64);
    CHECK(schedule.blocks().user_groups == std::min(groups, 20));
    CHECK(schedule.blocks().item_groups == std::min(groups, 20));
    CHECK(schedule.mean_loss() == 0);
    std::set<std::int64_t> entries;
    for (const auto& visit : visit_order(schedule.blocks())) entries.insert(visit.entry);
    CHECK(entries.size() == list.items.size());
    // Losses are the numbers of the entries, each with weight 2.
    CHECK(schedule.mean_loss() == static_cast<double>(list.items.size() - 1) / 4);
    schedule.take_users(Kokkos::Serial(), 7, 9);
    entries.clear();
    for (const auto& visit : visit_order(schedule.blocks())) entries.insert(visit.entry);
    CHECK(*entries.begin() == list.offsets[7]);
    CHECK(*entries.rbegin() == list.offsets[9] - 1);
    CHECK(static_cast<std::int64_t>(entries.size()) == list.offsets[9] - list.offsets[7]);
  }
}
