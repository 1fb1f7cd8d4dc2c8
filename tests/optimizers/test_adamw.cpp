// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/adamw.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../support/rule_case.hpp"

namespace ls = longshore;

TEST_CASE("AdamW: concept: models UpdateRule, with two moments") {
  static_assert(ls::UpdateRule<ls::AdamW>);
  CHECK(ls::AdamW::moments() == 2);
  CHECK(ls::AdamW{}.weight_decay == 1e-2);
}

TEST_CASE_TEMPLATE("AdamW: hand: a weight shrinks by rate times decay, and its moments do not see that", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  rules::Model<Real, Space> model(1, 2, 1, 2, 1);
  rules::assign(model, {{"matrix", {10, -10}}, {"vector", {1}}, {"table", {10, 10}}});
  ls::Optimizer<ls::AdamW, Space> optimizer(model, {.rate = 0.5, .weight_decay = 0.2});
  ls::Training<Space> context(model);
  rules::give(context, model, {{0, 4}, {}, {1}, {0}});
  optimizer.step(model, context);
  const auto now = rules::numbers_of(model);
  CHECK(now.at("matrix")[0] == doctest::Approx(9));         // 10 (1 - 0.5 * 0.2)
  CHECK(now.at("matrix")[1] == doctest::Approx(-9 - 0.5));  // and a first step of the size of the rate
  CHECK(now.at("vector")[0] == 1);                          // the loss did not reach it
  CHECK(now.at("table")[0] == 10);                          // nor this row
  CHECK(now.at("table")[1] == doctest::Approx(9));
  const auto moments = rules::moments_of(optimizer, model);
  CHECK(moments.at("matrix.moment1")[0] == 0);
  CHECK(moments.at("matrix.moment1")[1] == doctest::Approx(0.4));
  CHECK(moments.at("table.moment2")[1] == 0);
}

TEST_CASE_TEMPLATE("AdamW: reference: equals algorithm 2 of Loshchilov and Hutter, touched rows as SparseAdam", Where,
                   LONGSHORE_EVERYWHERE) {
  const ls::AdamW rule{.rate = 0.02, .beta1 = 0.7, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.3};
  rules::reference<typename Where::Real, typename Where::Space>(
      rule, [](const ls::AdamW& its, double& w, double g, double& m, double& v, int t, bool row_sparse) {
        m = its.beta1 * m + (1 - its.beta1) * g;
        v = its.beta2 * v + (1 - its.beta2) * g * g;
        const double mean = m / (1 - std::pow(its.beta1, t)), correction = 1 - std::pow(its.beta2, t);
        // With rows, epsilon is added to the root of v before that is corrected.
        const double step = row_sparse ? mean * std::sqrt(correction) / (std::sqrt(v) + its.epsilon)
                                       : mean / (std::sqrt(v / correction) + its.epsilon);
        w = w - its.rate * step - its.rate * its.weight_decay * w;
      });
}

TEST_CASE_TEMPLATE("AdamW: golden: twenty steps equal PyTorch's AdamW, and SparseAdam after a decay of touched rows",
                   Where, LONGSHORE_EVERYWHERE) {
  rules::golden<typename Where::Real, typename Where::Space>("optimizers/adamw", [](const auto& setting) {
    return ls::AdamW{.rate = setting("rate"),
                     .beta1 = setting("beta1"),
                     .beta2 = setting("beta2"),
                     .epsilon = setting("epsilon"),
                     .weight_decay = setting("weight_decay")};
  });
}

TEST_CASE_TEMPLATE("AdamW: edges: nothing, one number, rows never touched or twice, extreme gradients", Where,
                   LONGSHORE_EVERYWHERE) {
  rules::edges<typename Where::Real, typename Where::Space>(ls::AdamW{.rate = 0.1});
}

TEST_CASE("AdamW: threads: equal bits on every space and number of threads, and twice") {
  rules::same_bits<float>(ls::AdamW{.rate = 0.1});
  rules::same_bits<double>(ls::AdamW{.rate = 0.1});
}

TEST_CASE("AdamW: refused: settings out of range are named, with what came") {
  rules::refused(ls::AdamW{.rate = -1}, "AdamW: rate is finite and at least 0, it is -1");
  rules::refused(ls::AdamW{.beta1 = 1.5}, "AdamW: beta1 is at least 0 and below 1, it is 1.5");
  rules::refused(ls::AdamW{.beta2 = 1}, "AdamW: beta2 is at least 0 and below 1, it is 1");
  rules::refused(ls::AdamW{.epsilon = -1e-8}, "AdamW: epsilon is finite and above 0, it is -1e-08");
  rules::refused(ls::AdamW{.weight_decay = -0.1}, "AdamW: weight_decay is finite and at least 0, it is -0.1");
}
