// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/check_step_weights.hpp>

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../support/error_text.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {

template <class Weight>
ls::View<const Weight, 1, Space> view_of(const std::vector<Weight>& weights) {
  return {weights.data(), weights.size()};
}

}  // namespace

TEST_CASE("check_step_weights: takes as many weights as steps, and names the first that is none") {
  const std::vector<float> good{0, 1, 0.5f}, bad{0, -2, -3};
  CHECK_NOTHROW(ls::check_step_weights("Pool", view_of(good), 3));
  CHECK_NOTHROW(ls::check_step_weights("Pool", ls::View<const float, 1, Space>(), 0));
  CHECK_THROWS_WITH_AS(ls::check_step_weights("Pool", view_of(good), 2), "Pool: 3 weights came for 2 steps",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_step_weights("Pool", view_of(bad), 3),
                       "Pool: a step's weight is finite and at least 0, number 1 is -2", ls::DataError);
}

TEST_CASE("check_step_weights: of logarithms minus infinity is a weight of 0; a not-a-number of either sign is none") {
  const double infinite = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
  CHECK_NOTHROW(ls::check_step_weights("Pool", view_of<ls::LogWeight>({{-infinite}, {-1e300}, {1e300}}), 3));
  for (const double log2 : {infinite, none, -none}) {
    const std::vector<ls::LogWeight> weights{{0}, {log2}};
    CHECK(test::error_text<ls::DataError>([&] {
            ls::check_step_weights("Pool", view_of(weights), 2);
          }).starts_with("Pool: the logarithm of a step's weight is finite or minus infinity, number 1 is "));
  }
}
