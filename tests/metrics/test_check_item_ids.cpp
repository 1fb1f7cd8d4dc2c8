// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("check_item_ids: P11, names the ids, the place and the size of the catalogue") {
  CHECK_NOTHROW(ls::check_item_ids("f", "targets", std::vector<ls::Id>{0, 4}, 5));
  CHECK_NOTHROW(ls::check_item_ids("f", "targets", std::vector<ls::Id>{}, 0));
  CHECK_THROWS_WITH_AS(ls::check_item_ids("f", "targets", std::vector<ls::Id>{0, 5}, 5),
                       "f: the catalogue has 5 items, and the targets have the id 5 at position 1", ls::DataError);
  for (const ls::Id id : {-1, std::numeric_limits<ls::Id>::min(), std::numeric_limits<ls::Id>::max()})
    CHECK_THROWS_AS(ls::check_item_ids("f", "targets", std::vector<ls::Id>{id}, 5), ls::DataError);
}
