// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <longshore/optimizers/optimizer.hpp>
#include <string>
#include <vector>

#include "rule_model.hpp"

namespace rules {

namespace ls = longshore;

/// Empty parameters, single numbers, rows that are never touched or twice, steps that reach nothing, extreme gradients.
template <class Real, class Space, class Rule>
void edges(const Rule& rule) {
  {  // Parameters without elements are no parameters.
    Model<Real, Space> model(0, 3, 0, 0, 2);
    ls::Optimizer<Rule, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    optimizer.step(model, context);
    optimizer.check();
    CHECK(optimizer.counts().empty());
    CHECK(optimizer.status().norm == 0);
  }
  Model<Real, Space> model(1, 1, 1, 4, 3);
  randomise(model, ls::Random(3));
  const Numbers before = numbers_of(model);
  ls::Optimizer<Rule, Space> optimizer(model, rule);
  ls::Training<Space> context(model);
  // A loss that reaches nothing.
  give(context, model, {});
  optimizer.step(model, context);
  optimizer.check();
  CHECK(numbers_of(model) == before);
  CHECK(optimizer.counts() == std::vector<std::int64_t>{0, 0, 0});
  CHECK(optimizer.steps() == 1);
  // Rows 0 and 2 of four, one of them in two places: the others keep their bits, and their moments stay 0.
  for (int step = 0; step < 3; ++step) {
    give(context, model, {{0.5}, {-2}, {2, 0, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9}});
    optimizer.step(model, context);
  }
  optimizer.check();
  const Numbers after = numbers_of(model);
  for (std::size_t d = 0; d < 3; ++d) {
    CHECK(after.at("table")[d] != before.at("table")[d]);
    CHECK(after.at("table")[6 + d] != before.at("table")[6 + d]);
    for (const std::size_t untouched : {3 + d, 9 + d}) {
      CHECK(after.at("table")[untouched] == before.at("table")[untouched]);
      for (const auto& [name, moments] : moments_of(optimizer, model))
        if (name.starts_with("table")) CHECK(moments[untouched] == 0);
    }
  }
  // A row that is touched twice moves as one with the sum.
  Model<Real, Space> other(1, 1, 1, 4, 3);
  assign(other, before);
  ls::Optimizer<Rule, Space> summed(other, rule);
  ls::Training<Space> context_of_other(other);
  for (int step = 0; step < 3; ++step) {
    give(context_of_other, other, {{0.5}, {-2}, {0, 2}, {4, 5, 6, 8, 10, 12}});
    summed.step(other, context_of_other);
  }
  CHECK(numbers_of(other) == after);
  // Gradients that are zero, tiny or huge leave numbers.
  for (const double size : {0.0, 1e-300, 1e-30, 1e15}) {
    CAPTURE(size);
    give(context, model, {{size}, {-size}, {1}, {size, -size, 0}});
    optimizer.step(model, context);
    optimizer.check();
    for (const auto& [part, numbers] : numbers_of(model))
      for (const double x : numbers) CHECK(std::isfinite(x));
  }
}

/// What a rule answers to a setting out of range, itself and when an optimiser is made from it.
template <class Rule>
void refused(const Rule& rule, const std::string& sentence) {
  CAPTURE(sentence);
  Model<float, Kokkos::Serial> model(2, 2, 2, 2, 2);
  CHECK_THROWS_WITH_AS(rule.check(), sentence.c_str(), ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::Optimizer<Rule, Kokkos::Serial>(model, rule)), sentence.c_str(), ls::ShapeError);
}

}  // namespace rules
