// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <longshore/metrics/rank.hpp>
#include <longshore/metrics/tie_policy.hpp>

namespace ls = longshore;

TEST_CASE("TiePolicy: without being asked, equal scores give the target nothing") {
  CHECK(ls::TiePolicy{} == ls::TiePolicy::pessimistic);
  const std::array<float, 5> constant{1, 1, 1, 1, 1};
  CHECK(ls::rank(constant, 0) == 5);
  CHECK(ls::rank(constant, 4) == 5);
}

TEST_CASE("TiePolicy: every rule places the second of three equals as it says") {
  const std::array<float, 5> scores{9, 2, 2, 2, 1};
  CHECK(ls::rank(scores, 2, {}, ls::TiePolicy::pessimistic) == 4);
  CHECK(ls::rank(scores, 2, {}, ls::TiePolicy::optimistic) == 2);
  CHECK(ls::rank(scores, 2, {}, ls::TiePolicy::mean) == 3);
  CHECK(ls::rank(scores, 2, {}, ls::TiePolicy::lowest_id_first) == 3);
  CHECK(ls::rank(scores, 1, {}, ls::TiePolicy::lowest_id_first) == 2);
  CHECK(ls::rank(scores, 3, {}, ls::TiePolicy::lowest_id_first) == 4);
}
