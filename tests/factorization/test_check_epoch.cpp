// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/check_epoch.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>

#include "../support/rating_case.hpp"

namespace ls = longshore;

TEST_CASE("check_epoch: refused: other sizes, negative epochs, nothing to learn from") {
  const RatingCase<float, Kokkos::Serial> data(RatingList::random(1, 4, 5, 1));
  CHECK_NOTHROW(ls::check_epoch("Svd", data.interactions, 4, 5, 0));
  CHECK_THROWS_WITH_AS(ls::check_epoch("Svd", data.interactions, 5, 5, 0),
                       "Svd: expected interactions of 5 users with 5 items, got 4 and 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_epoch("Svd", data.interactions, 4, 5, -1), "Svd: epochs are numbered from 0, got -1",
                       ls::ShapeError);
  const RatingCase<float, Kokkos::Serial> none(RatingList::random(1, 4, 5, 0));
  CHECK_THROWS_WITH_AS(ls::check_epoch("Svd", none.interactions, 4, 5, 0),
                       "Svd: there are no interactions to learn from", ls::DataError);
}

TEST_CASE("check_objective: refused: what is not finite; check_setting: what is negative or not finite") {
  CHECK(ls::check_objective("Svd", 0.5, 3, 1) == 0.5);
  CHECK_THROWS_WITH_AS(ls::check_objective("Svd", std::numeric_limits<double>::quiet_NaN(), 3, 0.25),
                       "Svd: the objective of epoch 3 is nan: lower the rate, which is 0.25", ls::DataError);
  CHECK_NOTHROW(ls::check_setting("Svd", "rate", 0));
  CHECK_THROWS_WITH_AS(ls::check_setting("Svd", "rate", -0.5), "Svd: rate is at least 0, it is -0.5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_setting("Svd", "rate", std::numeric_limits<double>::infinity()),
                       "Svd: rate is a finite number, it is inf", ls::ShapeError);
  CHECK_NOTHROW(ls::check_factors("Svd", 1, 1, 1));
  CHECK_THROWS_WITH_AS(ls::check_factors("Svd", -1, 1, 1),
                       "Svd: users and items are at least 1, features 1 to 2^24, they are -1, 1 and 1", ls::ShapeError);
  CHECK_THROWS_AS(ls::check_factors("Svd", 1, 1, (1 << 24) + 1), ls::ShapeError);
}
