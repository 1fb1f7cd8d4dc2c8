// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/rating_descent.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <longshore/factorization/sgd_factorization.hpp>
#include <longshore/factorization/svd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ls = longshore;

TEST_CASE("RatingDescent: hand: biases are moved as factors are, unless settings of their own say otherwise") {
  const auto alike = ls::RatingDescent::of(ls::SvdSettings{.rate = 0.5, .regularisation = 0.25});
  CHECK(alike.bias_rate == 0.5);
  CHECK(alike.bias_regularisation == 0.25);
  const auto own = ls::RatingDescent::of(
      ls::SvdSettings{.rate = 0.5, .regularisation = 0.25, .bias_rate = 2, .bias_regularisation = 0});
  CHECK(own.rate == 0.5);
  CHECK(own.bias_rate == 2);
  CHECK(own.bias_regularisation == 0);
  CHECK(ls::RatingDescent::of(ls::SgdFactorizationSettings{.rate = 3, .regularisation = 4}).bias_regularisation == 4);
}

TEST_CASE("RatingDescent: hand: each number reaches its place in kernels, in fold-ins and among the names") {
  const ls::RatingDescent how{1, 2, 3, 4};
  ls::RatingArrays<float> arrays;
  how.set(arrays);
  CHECK(arrays.rate == 1);
  CHECK(arrays.regularisation == 2);
  CHECK(arrays.bias_rate == 3);
  CHECK(arrays.bias_regularisation == 4);
  const auto fold_in = how.fold_in<double>(false);
  CHECK_FALSE(fold_in.biased);
  CHECK(fold_in.regularisation == 2);
  CHECK(fold_in.bias_regularisation == 4);
  CHECK(how.fold_in<double>(true).biased);
  CHECK(how.named().list() ==
        std::vector<std::pair<std::string, std::string>>{
            {"rate", "1"}, {"regularisation", "2"}, {"bias_rate", "3"}, {"bias_regularisation", "4"}});
}

TEST_CASE("RatingDescent: refused: numbers below 0 and those that are none, by name") {
  const auto check = [](const ls::RatingDescent& how) { how.check("Svd"); };
  check({0, 0, 0, 0});
  CHECK_THROWS_WITH_AS(check({-1, 0, 0, 0}), "Svd: rate is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({0, -1, 0, 0}), "Svd: regularisation is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({0, 0, -1, 0}), "Svd: bias_rate is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({0, 0, 0, std::numeric_limits<double>::infinity()}),
                       "Svd: bias_regularisation is a finite number, it is inf", ls::ShapeError);
}
