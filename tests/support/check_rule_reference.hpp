// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <longshore/optimizers/optimizer.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "check_rule_numbers.hpp"

namespace rules {

namespace ls = longshore;

/// One number as an update rule of the literature treats it: `update(w, g, m, v, t, row_sparse)`, t counted from 1.
///
/// Compares with it, over arrays of more than one chunk of the kernels, rows that repeat hundreds of times, rows that
/// are never touched, and steps that do not reach a parameter.
template <class Real, class Space, class Rule, class Update>
void reference(const Rule& rule, const Update& update) {
  const int shapes[][5] = {{1, 1, 1, 1, 1}, {3, 5, 7, 9, 3}, {40, 131, 4097, 50, 17}, {2, 8, 4096, 7, 64}};
  for (const auto& shape : shapes) {
    CAPTURE(shape[0]);
    const int items = shape[3], features = shape[4];
    Model<Real, Space> model(shape[0], shape[1], shape[2], items, features);
    Numbers expected, first, second;
    std::map<std::string, int> counts;
    std::uint32_t stream = 0;
    const auto fill = [&](const char* part, int size) {
      expected[part] = draw(ls::Random(11).stream(stream++), whole(size));
      for (double& x : expected[part]) x = static_cast<double>(static_cast<Real>(x));
      first[part] = second[part] = std::vector<double>(expected[part].size(), 0.0);
    };
    fill("matrix", shape[0] * shape[1]);
    fill("vector", shape[2]);
    fill("table", items * features);
    assign(model, expected);
    ls::Optimizer<Rule, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    double squares = 0;  // of all gradients of a step
    const auto apply = [&](const std::string& part, const std::vector<double>& gradient, std::size_t from,
                           bool row_sparse) {
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        update(expected[part][from + i], gradient[i], first[part][from + i], second[part][from + i], counts[part],
               row_sparse);
        squares += gradient[i] * gradient[i];
      }
    };
    for (int step = 0; step < 6; ++step) {
      const ls::Random random = ls::Random(12).at(static_cast<std::uint64_t>(step)).stream(stream);
      Gradients gradients;
      gradients.matrix = draw(random.stream("matrix"), expected["matrix"].size());
      if (step != 3) gradients.vector = draw(random.stream("vector"), expected["vector"].size());
      // Half of the rows belong to id 0, as a popular item's do; odd ids are never touched.
      const int rows = step == 4 ? 0 : 1 + 60 * step;
      for (int i = 0; i < rows; ++i)
        gradients.ids.push_back(i % 2 == 0 ? 0
                                           : 2 * static_cast<ls::Id>(random.below(whole(i), whole((items + 1) / 2))));
      gradients.rows = draw(random.stream("rows"), whole(rows * features));
      give(context, model, gradients);
      optimizer.step(model, context);
      context.fence();
      for (const auto& [part, gradient] : {std::pair{"matrix", &gradients.matrix}, {"vector", &gradients.vector}}) {
        if (gradient->empty()) continue;
        ++counts[part];
        apply(part, *gradient, 0, false);
      }
      counts["table"] += rows > 0;
      for (int item = 0; rows > 0 && item < items; ++item) {
        std::vector<double> sum(whole(features), 0.0);
        bool touched = false;
        for (std::size_t i = 0; i < gradients.ids.size(); ++i) {
          if (gradients.ids[i] != item) continue;
          touched = true;
          for (std::size_t d = 0; d < sum.size(); ++d)
            sum[d] += static_cast<double>(static_cast<Real>(gradients.rows[i * sum.size() + d]));
        }
        if (touched) apply("table", sum, whole(item * features), true);
      }
      CHECK(optimizer.status().norm == doctest::Approx(std::sqrt(squares)).epsilon(after_one<Real>));
      squares = 0;
    }
    CHECK(optimizer.status().bad == -1);
    close(
        numbers_of(model), [&](const std::string& part) { return expected[part]; }, 10 * after_many<Real>);
    const auto moment = [&](const std::string& name) {
      return (name.back() == '1' ? first : second)[name.substr(0, name.find('.'))];
    };
    close(moments_of(optimizer, model), moment, 10 * after_many<Real>);
    const auto counted = optimizer.counts();
    CHECK(counted == std::vector<std::int64_t>{6, 5, 5});
  }
}

}  // namespace rules
