// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/error.hpp>
#include <longshore/metrics/check_lists.hpp>

namespace ls = longshore;

TEST_CASE("check_lists: P14, empty places are fine, empty lists and unknown items are not") {
  using Lists = xt::xtensor<ls::Id, 2>;
  CHECK_NOTHROW(ls::check_lists("f", Lists{{0, 4}, {3, -1}}, 5));
  CHECK_THROWS_WITH_AS(ls::check_lists("f", Lists{{0, 4}, {3, 5}}, 5),
                       "f: the catalogue has 5 items, and list 1 has the id 5 at place 1", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_lists("f", Lists{{-2, 4}}, 5),
                       "f: the catalogue has 5 items, and list 0 has the id -2 at place 0", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_lists("f", Lists{{1, 2}, {-1, -1}}, 5), "f: list 1 has no item", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_lists("f", Lists::from_shape({0, 3}), 5), "f: expected at least one list, got none",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_lists("f", Lists::from_shape({2, 0}), 5), "f: list 0 has no item", ls::DataError);
}
