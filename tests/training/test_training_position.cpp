// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/training_position.hpp>

#include <doctest/doctest.h>

namespace ls = longshore;

TEST_CASE("the rate of an epoch is its examples by its seconds, and a number before the first of them") {
  ls::TrainingPosition position;
  CHECK(position.examples_per_second() == 0);
  position.examples = 300;
  position.seconds = 1.5;
  CHECK(position.examples_per_second() == 200);
  position.seconds = 0;  // the clock has not moved
  CHECK(position.examples_per_second() == doctest::Approx(3e11));
}

TEST_CASE("a new position is the beginning of a run") {
  const ls::TrainingPosition position;
  CHECK(position.epoch == 0);
  CHECK(position.batch == 0);
  CHECK(position.epochs_without_gain == 0);
  CHECK(position.report.epochs.empty());
}
