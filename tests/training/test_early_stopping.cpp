// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/early_stopping.hpp>

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("P14: early stopping with numbers out of range, or with nothing to measure by, is refused") {
  const auto refusal = [](const ls::EarlyStopping& when, bool validates) {
    return test::error_text<ls::ShapeError>([&] { when.check("fit", validates); });
  };
  CHECK(refusal({.patience = -3}, true) == "fit: stop_early.patience is at least 0, it is -3");
  CHECK(refusal({.least_gain = -0.5}, true) == "fit: stop_early.least_gain is finite and at least 0, it is -0.5");
  CHECK(test::has(refusal({.least_gain = std::numeric_limits<double>::infinity()}, true), "is finite"));
  CHECK(refusal({.patience = 1}, false) ==
        "fit: stop_early needs a validation; pass a function that measures the model");
  CHECK(refusal({.patience = 1, .least_gain = 0.5}, true) == "nothing was thrown");
  CHECK(refusal({}, false) == "nothing was thrown");
}
