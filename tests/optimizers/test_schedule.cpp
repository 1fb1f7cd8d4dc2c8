// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/schedule.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../support/golden.hpp"

namespace ls = longshore;
using Kind = ls::Schedule::Kind;

TEST_CASE("Schedule: hand: each shape, with and without a warm-up") {
  CHECK(ls::Schedule{}.factor(0) == 1);
  CHECK(ls::Schedule{}.factor(1'000'000) == 1);
  const ls::Schedule warm{.warm_up_steps = 4};
  CHECK(warm.factor(0) == 0.25);
  CHECK(warm.factor(3) == 1);
  CHECK(warm.factor(4) == 1);
  const ls::Schedule linear{.kind = Kind::linear, .warm_up_steps = 2, .total_steps = 12, .final_factor = 0.5};
  CHECK(linear.factor(0) == 0.5);
  CHECK(linear.factor(2) == 1);
  CHECK(linear.factor(7) == 0.75);
  CHECK(linear.factor(12) == 0.5);
  CHECK(linear.factor(1000) == 0.5);
  const ls::Schedule cosine{.kind = Kind::cosine, .total_steps = 10};
  CHECK(cosine.factor(0) == 1);
  CHECK(cosine.factor(5) == doctest::Approx(0.5));
  CHECK(cosine.factor(10) == doctest::Approx(0));
  CHECK(cosine.factor(15) == doctest::Approx(0));
  const ls::Schedule step{.kind = Kind::step, .step_every = 3, .decay = 0.5};
  CHECK(step.factor(2) == 1);
  CHECK(step.factor(3) == 0.5);
  CHECK(step.factor(8) == 0.25);
  const ls::Schedule exponential{.kind = Kind::exponential, .warm_up_steps = 1, .decay = 0.5};
  CHECK(exponential.factor(0) == 1);
  CHECK(exponential.factor(1) == 1);
  CHECK(exponential.factor(4) == 0.125);
}

TEST_CASE("Schedule: golden: forty steps equal PyTorch's schedulers, and LinearLR in front of them") {
  const Golden values("optimizers/schedule");
  CHECK(values.cases().size() == 10);
  for (const std::string& name : values.cases()) {
    CAPTURE(name);
    const ls::Schedule schedule{.kind = static_cast<Kind>(values.integer(name + "/kind")),
                                .warm_up_steps = values.integer(name + "/warm_up_steps"),
                                .total_steps = values.integer(name + "/total_steps"),
                                .final_factor = values.numbers(name + "/final_factor")[0],
                                .step_every = values.integer(name + "/step_every"),
                                .decay = values.numbers(name + "/decay")[0]};
    CHECK_NOTHROW(schedule.check());
    const auto factors = values.numbers(name + "/factors");
    CHECK(factors.size() == 40);
    for (std::size_t step = 0; step < factors.size(); ++step) {
      CAPTURE(step);
      CHECK(std::abs(schedule.factor(static_cast<std::int64_t>(step)) - factors[step]) <= 1e-12);
    }
  }
}

TEST_CASE("Schedule: refused: numbers that make no sense are named, with what came") {
  const auto refused = [](const ls::Schedule& schedule, const char* sentence) {
    CHECK_THROWS_WITH_AS(schedule.check(), sentence, ls::ShapeError);
  };
  refused({.warm_up_steps = -1}, "Schedule: warm_up_steps is at least 0, it is -1");
  refused({.kind = Kind::linear}, "Schedule: total_steps is above warm_up_steps (0), it is 0");
  refused({.kind = Kind::cosine, .warm_up_steps = 9, .total_steps = 9},
          "Schedule: total_steps is above warm_up_steps (9), it is 9");
  refused({.kind = Kind::step, .decay = 0.5}, "Schedule: step_every is at least 1, it is 0");
  refused({.decay = -0.5}, "Schedule: decay is finite and above 0, it is -0.5");
  refused({.decay = std::numeric_limits<double>::infinity()}, "Schedule: decay is finite and above 0, it is inf");
  refused({.final_factor = -0.1}, "Schedule: final_factor is finite and at least 0, it is -0.1");
  refused({.final_factor = std::numeric_limits<double>::quiet_NaN()},
          "Schedule: final_factor is finite and at least 0, it is nan");
  CHECK_NOTHROW(ls::Schedule{.kind = Kind::linear, .total_steps = 1}.check());
}
