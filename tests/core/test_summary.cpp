// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/summary.hpp>
#include <longshore/layers/linear.hpp>
#include <sstream>

namespace ls = longshore;

TEST_CASE("a summary lists name, block, shape, numbers and bytes, and their totals") {
  ls::Linear<float, Kokkos::Serial> linear({.in = 3, .out = 2});
  linear.bias.frozen = true;
  const auto model = ls::summary(linear);
  CHECK(model.parameters() == 8);
  CHECK(model.bytes() == 32);
  std::ostringstream text;
  text << model;
  CHECK(text.str() ==
        "parameter      block   shape     numbers        bytes\n"
        "weights        Linear  2 x 3           6           24\n"
        "bias (frozen)  Linear      2           2            8\n"
        "total                                  8           32\n");
}
