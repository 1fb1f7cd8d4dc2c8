// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/optimizer_settings.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>

namespace ls = longshore;

TEST_CASE("OptimizerSettings: the defaults neither clip nor schedule nor group") {
  const ls::OptimizerSettings settings;
  CHECK_NOTHROW(settings.check());
  CHECK(settings.clip_norm == 0);
  CHECK(settings.schedule.factor(1000) == 1);
  CHECK(settings.groups.empty());
}

TEST_CASE("OptimizerSettings: numbers out of range are refused with owner, name and what came") {
  const auto refused = [](const ls::OptimizerSettings& settings, const char* sentence) {
    CHECK_THROWS_WITH_AS(settings.check(), sentence, ls::ShapeError);
  };
  refused({.clip_norm = -1}, "Optimizer: clip_norm is finite and at least 0, it is -1");
  refused({.clip_norm = std::numeric_limits<double>::infinity()},
          "Optimizer: clip_norm is finite and at least 0, it is inf");
  refused({.schedule = {.decay = 0}}, "Schedule: decay is finite and above 0, it is 0");
  refused({.groups = {{.pattern = "a.*"}, {.pattern = "*.bias", .rate = -0.5}}},
          "Optimizer: group \"*.bias\": rate is finite and at least 0, it is -0.5");
  refused({.groups = {{.pattern = "*", .weight_decay = -2}}},
          "Optimizer: group \"*\": weight_decay is finite and at least 0, it is -2");
  CHECK_NOTHROW(ls::OptimizerSettings{.groups = {{.pattern = "*", .rate = 0, .weight_decay = 0}}}.check());
}
