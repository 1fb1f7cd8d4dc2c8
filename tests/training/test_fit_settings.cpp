// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/fit_settings.hpp>

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

namespace ls = longshore;
using test::error_text;

namespace {

std::string refusal(const ls::FitSettings& settings, bool validates) {
  return error_text<ls::ShapeError>([&] { settings.check(validates); });
}

}  // namespace

TEST_CASE("P14: settings out of range are refused by name, with what came") {
  CHECK(refusal({.epochs = -1}, true) == "fit: epochs is at least 0, it is -1");
  CHECK(refusal({.checkpoint = "c", .checkpoint_every = -2}, true) == "fit: checkpoint_every is at least 0, it is -2");
  CHECK(refusal({.stop_early = {.patience = -3}}, true) == "fit: stop_early.patience is at least 0, it is -3");
  CHECK(refusal({.stop_early = {.least_gain = -0.5}}, true) ==
        "fit: stop_early.least_gain is finite and at least 0, it is -0.5");
  CHECK(refusal({.stop_early = {.least_gain = std::numeric_limits<double>::quiet_NaN()}}, true)
            .starts_with("fit: stop_early.least_gain is"));
}

TEST_CASE("P14: a setting that needs another one says so") {
  CHECK(refusal({.stop_early = {.patience = 1}}, false) ==
        "fit: stop_early needs a validation; pass a function that measures the model");
  CHECK(refusal({.resume = true}, true) == "fit: resume needs a checkpoint; give its path");
  CHECK(refusal({.checkpoint_every = 5}, true) == "fit: checkpoint_every needs a checkpoint; give its path");
}

TEST_CASE(
    "P14: a configuration with names that cannot be told apart, and a checkpoint that curves replace, are refused") {
  CHECK(refusal({.configuration = {{"", "1"}}}, true) ==
        "fit: configuration: the name \"\" is empty, or one that the run itself uses");
  CHECK(refusal({.configuration = {{"loss", "1"}}}, true).starts_with("fit: configuration: the name \"loss\" is"));
  CHECK(refusal({.configuration = {{"loss.reduction", "sum"}}}, true)
            .starts_with("fit: configuration: the name \"loss."));
  CHECK(
      refusal({.configuration = {{"optimizer.rate", "1"}}}, true).starts_with("fit: configuration: the name \"optim"));
  CHECK(refusal({.configuration = {{"a", "1"}, {"b", "1"}, {"a", "2"}}}, true) ==
        "fit: configuration: the name \"a\" is there twice");
  CHECK(refusal({.configuration = {{"a", "\xff"}}}, true) == "fit: configuration: \"a\", \"\\xff\", is not UTF-8");
  CHECK(refusal({.resume_changed = true}, true) == "fit: resume_changed needs resume");
  CHECK(refusal({.checkpoint = "c", .curves = "./x/../c"}, true) ==
        "fit: checkpoint and curves are one file, c; give them different paths");
}

TEST_CASE("settings that fit each other pass, those of a plain run too") {
  CHECK(refusal({}, false) == "nothing was thrown");
  CHECK(refusal({.epochs = 0}, false) == "nothing was thrown");
  CHECK(refusal({.stop_early = {.patience = 1, .least_gain = 0.5}}, true) == "nothing was thrown");
  CHECK(refusal({.checkpoint = "c", .checkpoint_every = 1, .resume = true}, false) == "nothing was thrown");
  CHECK(refusal({.checkpoint = "c", .configuration = {{"a", "1"}, {"losses", "1"}}, .curves = "d"}, false) ==
        "nothing was thrown");
}
