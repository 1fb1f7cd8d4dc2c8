// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/check_rule.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>

namespace ls = longshore;

namespace {

struct Plain {
  static constexpr const char* name = "Plain";
  double rate = 1, weight_decay = 0;
};

struct Full {
  static constexpr const char* name = "Full";
  double rate = 1, weight_decay = 0, epsilon = 1, beta1 = 0, beta2 = 0;
};

}  // namespace

TEST_CASE("check_not_negative: refuses what is below 0 or not finite, by owner and name") {
  CHECK_NOTHROW(ls::check_not_negative("Owner", "size", 0));
  CHECK_NOTHROW(ls::check_not_negative("Owner", "size", 1e300));
  CHECK_THROWS_WITH_AS(ls::check_not_negative("Owner", "size", -1e-300),
                       "Owner: size is finite and at least 0, it is -1e-300", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_not_negative("Owner", "size", std::numeric_limits<double>::infinity()),
                       "Owner: size is finite and at least 0, it is inf", ls::ShapeError);
  CHECK_THROWS_AS(ls::check_not_negative("Owner", "size", std::numeric_limits<double>::quiet_NaN()), ls::ShapeError);
}

TEST_CASE("check_rule: looks at the settings that a rule has") {
  CHECK_NOTHROW(ls::check_rule(Plain{}));
  CHECK_NOTHROW(ls::check_rule(Full{}));
  CHECK_THROWS_WITH_AS(ls::check_rule(Plain{.rate = -1}), "Plain: rate is finite and at least 0, it is -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule(Full{.weight_decay = -1}),
                       "Full: weight_decay is finite and at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule(Full{.epsilon = 0}), "Full: epsilon is finite and above 0, it is 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule(Full{.beta1 = 1}), "Full: beta1 is at least 0 and below 1, it is 1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule(Full{.beta2 = std::numeric_limits<double>::quiet_NaN()}),
                       "Full: beta2 is at least 0 and below 1, it is nan", ls::ShapeError);
}

TEST_CASE("check_rule_as: refuses settings that the type of a parameter cannot hold") {
  CHECK_NOTHROW(ls::check_rule_as<float>(Full{}, "items", 1e38, 0));
  CHECK_NOTHROW(ls::check_rule_as<double>(Full{.epsilon = 1e-46}, "items", 1e39, 1e39));
  CHECK_THROWS_WITH_AS(ls::check_rule_as<float>(Plain{}, "items", 1e39, 0),
                       "Plain: rate is 1e+39, more than the type of items holds", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule_as<float>(Plain{}, "items", 0, 1e39),
                       "Plain: weight_decay is 1e+39, more than the type of items holds", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule_as<float>(Full{.epsilon = 1e39}, "items", 0, 0),
                       "Full: epsilon is 1e+39, more than the type of items holds", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_rule_as<float>(Full{.epsilon = 1e-46}, "items", 0, 0),
                       "Full: epsilon is 1e-46, which is 0 in the type of items", ls::ShapeError);
}
