// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/training/checkpoint_layout.hpp>
#include <vector>

namespace ls = longshore;
using Layout = ls::CheckpointLayout;

TEST_CASE("the places in a checkpoint stay where they are: files of earlier runs are read by them") {
  CHECK(Layout::Integers::epoch == 0);
  CHECK(Layout::Integers::batch == 1);
  CHECK(Layout::Integers::batches == 2);
  CHECK(Layout::Integers::seed == 3);
  CHECK(Layout::Integers::epochs_without_gain == 4);
  CHECK(Layout::Integers::best_epoch == 5);
  CHECK(Layout::Integers::steps == 6);
  CHECK(Layout::Integers::optimizer_steps == 7);
  CHECK(Layout::Integers::examples == 8);
  CHECK(Layout::Integers::count == 9);
  CHECK(Layout::Numbers::loss_sum == 0);
  CHECK(Layout::Numbers::seconds == 1);
  CHECK(Layout::Numbers::gradient_norm == 2);
  CHECK(Layout::Numbers::best_value == 3);
  CHECK(Layout::Numbers::count == 4);
}

TEST_CASE("curves become rows of numbers and come back; an epoch without validation has none again") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<ls::EpochRecord> epochs{{1, 0.7, -0.3, 0.01, 1.5, 2.0, 300}, {2, 0.6, none, 0.02, 1.25, 2.5, 310}};
  const auto numbers = Layout::curve(epochs);
  CHECK(numbers == std::vector<double>{1, 0.7, -0.3, 1, 0.01, 1.5, 2.0, 300, 2, 0.6, 0, 0, 0.02, 1.25, 2.5, 310});
  const auto back = Layout::epochs(numbers);
  REQUIRE(back.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back[i].epoch == epochs[i].epoch);
    CHECK(back[i].loss == epochs[i].loss);
    CHECK(back[i].rate == epochs[i].rate);
    CHECK(back[i].gradient_norm == epochs[i].gradient_norm);
    CHECK(back[i].seconds == epochs[i].seconds);
    CHECK(back[i].examples_per_second == epochs[i].examples_per_second);
  }
  CHECK(back[0].validation == -0.3);
  CHECK(std::isnan(back[1].validation));
  CHECK(Layout::epochs({}).empty());
}
