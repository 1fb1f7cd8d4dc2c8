// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <longshore/optimizers/optimizer.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "check_rule_numbers.hpp"
#include "golden.hpp"

namespace rules {

namespace ls = longshore;

/// Compares 20 steps with PyTorch's, after 1, 7 and 20 of them.
///
/// @param file  "optimizers/adam"
/// @param make  gives the rule of a case: `make([](name) { return a setting; })`
template <class Real, class Space, class Make>
void golden(const std::string& file, const Make& make) {
  const Golden values(file);
  CHECK(values.cases().size() >= 5);
  for (const std::string& name : values.cases()) {
    CAPTURE(name);
    const auto extent = [&](const std::string& of, std::size_t r) { return values.shape(name + "/start/" + of)[r]; };
    Model<Real, Space> model(extent("matrix", 0), extent("matrix", 1), extent("vector", 0), extent("table", 0),
                             extent("table", 1));
    Numbers start;
    for (const std::string part : {"matrix", "vector", "table"}) start[part] = values.numbers(name + "/start/" + part);
    assign(model, start);
    const auto rule = make([&](const std::string& setting) { return values.numbers(name + "/" + setting).at(0); });
    ls::Optimizer<std::remove_cvref_t<decltype(rule)>, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    const auto of_step = [&](const std::vector<double>& all, int step) {
      const auto size = static_cast<std::ptrdiff_t>(all.size() / 20);
      return std::vector<double>(all.begin() + size * step, all.begin() + size * (step + 1));
    };
    const auto matrix = values.numbers(name + "/gradients/matrix"), vector = values.numbers(name + "/gradients/vector");
    const auto rows = values.numbers(name + "/rows");
    const auto ids = values.integers(name + "/ids");
    const std::vector<double> wide_ids(ids.begin(), ids.end());
    for (int step = 0; step < 20; ++step) {
      const auto ids_now = of_step(wide_ids, step);
      give(context, model,
           {of_step(matrix, step), of_step(vector, step), {ids_now.begin(), ids_now.end()}, of_step(rows, step)});
      optimizer.step(model, context);
      const std::string after = name + "/after_" + std::to_string(step + 1) + "/";
      if (!values.has(after + "matrix")) continue;
      CAPTURE(step);
      close(
          numbers_of(model), [&](const std::string& part) { return values.numbers(after + part); },
          step == 0 ? after_one<Real> : after_many<Real>);
    }
    CHECK(optimizer.steps() == 20);
  }
}

}  // namespace rules
