// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
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

/// What one step asks of a rule for one parameter, or for one row of a table.
struct Share {
  std::string part;
  std::size_t from;
  std::vector<double> gradient;
  bool row_sparse;
};

/// One number as an update rule of the literature treats it: `update(rule, w, g, m, v, t, row_sparse)`, where `rule`
/// has the rate and the decay of this parameter and step, and t is counted from 1.
///
/// Compares with it, over arrays of more than one chunk of the kernels, rows that repeat hundreds of times, rows that
/// are never touched, and steps that do not reach a parameter; as the rule is, and with a schedule, clipping, and
/// groups that change the rate of the matrix, the decay of the vector, and both of the table.
///
/// @param rule  its rate and decay are not 0, or those of groups would not show
template <class Real, class Space, class Rule, class Update>
void reference(const Rule& rule, const Update& update) {
  const int shapes[][5] = {{1, 1, 1, 1, 1}, {3, 5, 7, 9, 3}, {40, 131, 4097, 50, 17}, {2, 8, 4096, 7, 64}};
  const double limit = 12, factor = 0.8;  // some steps have a smaller norm
  const ls::OptimizerSettings own_ways{
      .clip_norm = limit,
      .schedule = {.kind = ls::Schedule::Kind::exponential, .decay = factor},
      .groups = {{.pattern = "matrix", .rate = 2 * rule.rate},
                 {.pattern = "vector", .weight_decay = rule.weight_decay / 2},
                 {.pattern = "t*", .rate = rule.rate / 4, .weight_decay = 3 * rule.weight_decay}}};
  int clipped = 0, left_alone = 0;
  for (const bool with_groups : {false, true}) {
    CAPTURE(with_groups);
    const auto rule_of = [&](const std::string& part, int step) {
      Rule its = rule;
      if (!with_groups) return its;
      its.rate *= (part == "matrix" ? 2 : part == "table" ? 0.25 : 1) * std::pow(factor, step);
      its.weight_decay *= part == "vector" ? 0.5 : part == "table" ? 3 : 1;
      return its;
    };
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
      ls::Optimizer<Rule, Space> optimizer(model, rule, with_groups ? own_ways : ls::OptimizerSettings{});
      ls::Training<Space> context(model);
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
        std::vector<Share> shares;
        for (const auto& [part, gradient] : {std::pair{"matrix", &gradients.matrix}, {"vector", &gradients.vector}})
          if (!gradient->empty()) ++counts[part], shares.push_back({part, 0, *gradient, false});
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
          if (touched) shares.push_back({"table", whole(item * features), sum, true});
        }
        double squares = 0;  // of all gradients of the step
        for (const Share& share : shares)
          for (const double g : share.gradient) squares += g * g;
        const double norm = std::sqrt(squares);
        const double scale = with_groups ? std::min(1.0, limit / (norm + 1e-6)) : 1;  // as PyTorch's clip_grad_norm_
        ++(scale < 1 ? clipped : left_alone);
        for (const auto& [part, from, gradient, row_sparse] : shares) {
          const Rule its = rule_of(part, step);
          for (std::size_t i = 0; i < gradient.size(); ++i)
            update(its, expected[part][from + i], scale * gradient[i], first[part][from + i], second[part][from + i],
                   counts[part], row_sparse);
        }
        CHECK(optimizer.status().norm == doctest::Approx(norm).epsilon(after_one<Real>));
        CHECK(optimizer.status().scale == doctest::Approx(scale).epsilon(1e-5));
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
  CHECK(clipped > 6);
  CHECK(left_alone > 24);  // also of the steps with a limit
}

}  // namespace rules
