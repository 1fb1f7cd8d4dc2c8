// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/validation_value.hpp>

#include <stdexcept>
#include <stop_token>

#include <doctest/doctest.h>

namespace ls = longshore;

TEST_CASE("a validation gives its value, and is not called when a stop was requested before it") {
  int calls = 0;
  const auto validate = [&](int model) {
    ++calls;
    return 2 * model;
  };
  std::stop_source stop;
  CHECK(ls::validation_value(validate, 4, stop.get_token()) == 8.0);
  CHECK(ls::validation_value(validate, 4, {}) == 8.0);
  stop.request_stop();
  CHECK_FALSE(ls::validation_value(validate, 4, stop.get_token()).has_value());
  CHECK(calls == 2);
  CHECK(ls::validation_value(ls::NoValidation(), 4, {}) == 0.0);
}

TEST_CASE("P14: a validation that gives up has no value if a stop was requested; else what it throws comes out") {
  std::stop_source stop;
  const auto give_up = [](int) -> double { throw ls::Interrupted("given up"); };
  const auto stop_and_give_up = [&](int) -> double {
    stop.request_stop();
    throw ls::Interrupted("given up");
  };
  const auto stop_and_fail = [&](int) -> double {
    stop.request_stop();
    throw std::runtime_error("broken");
  };
  CHECK_THROWS_WITH_AS(ls::validation_value(give_up, 4, stop.get_token()), "given up", ls::Interrupted);
  CHECK_FALSE(ls::validation_value(stop_and_give_up, 4, stop.get_token()).has_value());
  stop = std::stop_source();
  CHECK_THROWS_WITH_AS(ls::validation_value(stop_and_fail, 4, stop.get_token()), "broken", std::runtime_error);
}
