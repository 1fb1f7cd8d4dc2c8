// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/log_loss.hpp>
#include <tests/support/golden.hpp>
#include <vector>

namespace ls = longshore;
using Floats = std::vector<float>;

TEST_CASE("log_loss: by hand") {
  CHECK(ls::log_loss(Floats{1, 0}, Floats{0.5F, 0.5F}) == doctest::Approx(std::log(2.0)).epsilon(1e-15));
  CHECK(ls::log_loss(std::vector<int>{1, 0}, std::vector<double>{0.25, 0.25}) ==
        doctest::Approx((std::log(4.0) + std::log(4.0 / 3)) / 2).epsilon(1e-15));
}

TEST_CASE(
    "log_loss: P13, certainty that is wrong costs the logarithm of the type's epsilon, certainty that is right next to "
    "nothing") {
  CHECK(ls::log_loss(Floats{1}, Floats{0}) ==
        doctest::Approx(-std::log(double{std::numeric_limits<float>::epsilon()})).epsilon(1e-12));
  CHECK(ls::log_loss(std::vector<int>{0}, std::vector<double>{1}) ==
        doctest::Approx(-std::log(std::numeric_limits<double>::epsilon())).epsilon(1e-12));
  CHECK(ls::log_loss(Floats{1, 0}, std::vector<double>{1, 0}) < 1e-15);
}

TEST_CASE("log_loss: equals scikit-learn's log_loss") {
  const Golden golden("metrics/classification");
  for (const auto& name : golden.cases())
    CHECK(ls::log_loss(golden.integers(name + "/labels"), golden.numbers(name + "/probabilities")) ==
          doctest::Approx(golden.numbers(name + "/log_loss")[0]).epsilon(1e-13));
}

TEST_CASE("log_loss: P14, refuses logits and says what to use") {
  CHECK_THROWS_WITH_AS(ls::log_loss(Floats{1, 0}, Floats{0.5F, 1.5F}),
                       "log_loss: expected probabilities from 0 to 1, got 1.5 at position 1; for logits use "
                       "log_loss_with_logits",
                       ls::DataError);
  CHECK_THROWS_AS(ls::log_loss(Floats{1, 0}, Floats{0.5F, -0.5F}), ls::DataError);
  CHECK_THROWS_AS(ls::log_loss(Floats{1, 0.3F}, Floats{0.5F, 0.5F}), ls::DataError);
}
