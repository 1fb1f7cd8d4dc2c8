// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/check_scored.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;
using One = ls::Interest<float, Space>;

namespace {
ls::Cube<float, Space> cube(int users, int candidates, int features) {
  return ls::View<float, 3, Space>(nullptr, users, candidates, features);
}
}  // namespace

TEST_CASE("check_scored: takes one vector for all candidates or one each, of any width") {
  CHECK_NOTHROW(ls::check_scored("Here", One(cube(3, 1, 2)), cube(3, 5, 4)));
  CHECK_NOTHROW(ls::check_scored("Here", One(cube(3, 5, 2)), cube(3, 5, 4)));
  CHECK_NOTHROW(ls::check_scored("Here", One(cube(0, 1, 2)), cube(0, 5, 4)));
  CHECK_THROWS_WITH_AS(ls::check_scored("Here", One(), cube(3, 5, 4)), "Here: the interest is empty", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_scored("Here", One(cube(2, 1, 2)), cube(3, 5, 4)),
                       "Here: the interest has 2 users, the candidates 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_scored("Here", One(cube(3, 4, 2)), cube(3, 5, 4)),
                       "Here: the interest has 4 vectors a user, there are 5 candidates; 1 or as many are expected",
                       ls::ShapeError);
}

TEST_CASE("one_a_user: gives the matrix of interests, which must not differ between candidates") {
  const auto users = ls::one_a_user("Here", One(cube(3, 1, 2)));
  CHECK(users.extent(0) == 3);
  CHECK(users.extent(1) == 2);
  CHECK_THROWS_WITH_AS(
      ls::one_a_user("Here", One(cube(3, 4, 2))),
      "Here: the interest has 4 vectors a user; a whole catalogue needs one that is the same for all items",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::one_a_user("Here", One()), "Here: the interest is empty", ls::ShapeError);
}
