// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/losses/reduction.hpp>

namespace ls = longshore;

TEST_CASE("reduction_scale: a mean divides by the number of examples, a sum by nothing") {
  CHECK(ls::reduction_scale(ls::Reduction::mean, 4) == 0.25);
  CHECK(ls::reduction_scale(ls::Reduction::mean, 3'000'000'000) == 1.0 / 3e9);
  CHECK(ls::reduction_scale(ls::Reduction::sum, 4) == 1);
}

TEST_CASE("reduction_scale: the mean of no examples divides by nothing") {
  CHECK(ls::reduction_scale(ls::Reduction::mean, 0) == 1);
}
