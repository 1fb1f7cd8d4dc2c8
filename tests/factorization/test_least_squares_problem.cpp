// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/least_squares_problem.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>

namespace ls = longshore;
using ls::Feedback;

TEST_CASE("LeastSquaresProblem: weights and targets of each kind of feedback") {
  const auto weights = [](Feedback feedback) {
    return ls::LeastSquaresProblem{feedback, 3, 0.5, 0, 0}.entry_weights<double>();
  };
  // Weight a and target b of x A x - 2 b x, beside 0.5 s^2 for every pair: confidence c has a = c - 0.5 and b = c.
  CHECK(weights(Feedback::confidence).weight(2) == 6);
  CHECK(weights(Feedback::confidence).target(2) == 6.5);
  CHECK(weights(Feedback::confidence).constant(2) == 6.5);
  CHECK(weights(Feedback::given_confidence).weight(2) == 5.5);
  CHECK(weights(Feedback::given_confidence).target(2) == 6);
  CHECK(weights(Feedback::positive).weight(2) == 6);
  CHECK(weights(Feedback::positive).target(2) == 6);
  CHECK(weights(Feedback::ratings).weight(2) == 1);
  CHECK(weights(Feedback::ratings).target(2) == 2);
  CHECK(weights(Feedback::ratings).constant(2) == 4);
  CHECK(ls::LeastSquaresProblem{Feedback::positive, 3, 0.5, 0, 0}.shared_weight() == 0.5);
  CHECK(ls::LeastSquaresProblem{Feedback::ratings, 3, 0.5, 0, 0}.shared_weight() == 0);
}

TEST_CASE("LeastSquaresProblem: numbers below 0 and those that are none are refused by name") {
  const auto check = [](const ls::LeastSquaresProblem& problem) { problem.check("Als"); };
  check({Feedback::confidence, 0, 0, 0, 0});
  const auto kind = Feedback::confidence;
  CHECK_THROWS_WITH_AS(check({kind, -1, 1, 1, 1}), "Als: weight is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({kind, 1, -1, 1, 1}), "Als: unobserved_weight is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({kind, 1, 1, -0.5, 1}), "Als: regularisation is at least 0, it is -0.5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({kind, 1, 1, 1, -1}), "Als: frequency_exponent is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(check({kind, 1, 1, std::numeric_limits<double>::infinity(), 1}),
                       "Als: regularisation is a finite number, it is inf", ls::ShapeError);
}

TEST_CASE("LeastSquaresProblem: names its settings, numbers so that they read back as the same") {
  const auto named = ls::LeastSquaresProblem{Feedback::positive, 0.1, 1.0 / 3, 2, 0}.named().list();
  REQUIRE(named.size() == 5);
  CHECK(named[0] == std::pair<std::string, std::string>("feedback", "positive"));
  CHECK(named[1].second == "0.1");
  CHECK(std::stod(named[2].second) == 1.0 / 3);
  CHECK(named[3].second == "2");
}
