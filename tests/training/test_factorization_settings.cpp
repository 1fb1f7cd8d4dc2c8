// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/factorization_settings.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

namespace ls = longshore;
using Settings = ls::FactorizationSettings;

TEST_CASE("P14: settings of a factorisation out of range, or that need another one, are refused") {
  CHECK_NOTHROW(Settings{}.check(false));
  CHECK_NOTHROW((Settings{.stop_early = {.patience = 2}}.check(true)));
  CHECK_THROWS_WITH_AS((Settings{.epochs = -1}.check(true)), "fit_factors: epochs is at least 0, it is -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Settings{.stop_early = {.patience = -2}}.check(true)),
                       "fit_factors: stop_early.patience is at least 0, it is -2", ls::ShapeError);
  CHECK_THROWS_AS((Settings{.stop_early = {.least_gain = -0.5}}.check(true)), ls::ShapeError);
  CHECK_THROWS_WITH_AS((Settings{.stop_early = {.patience = 2}}.check(false)),
                       "fit_factors: stop_early needs a validation; pass a function that measures the model",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Settings{.resume = true}.check(true)), "fit_factors: resume needs a checkpoint; give its path",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Settings{.checkpoint = "c", .curves = "./c"}.check(true)),
                       "fit_factors: checkpoint and curves are one file, c; give them different paths", ls::ShapeError);
}
