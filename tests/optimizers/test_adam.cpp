// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/adam.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../support/rule_case.hpp"

namespace ls = longshore;

TEST_CASE("Adam: concept: models UpdateRule, with two moments") {
  static_assert(ls::UpdateRule<ls::Adam>);
  CHECK(ls::Adam::moments() == 2);
  CHECK(ls::Adam{}.rate == 1e-3);
}

TEST_CASE_TEMPLATE("Adam: hand: the first step has the size of the rate, whatever the gradient's size", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  rules::Model<Real, Space> model(1, 2, 2, 2, 1);
  rules::assign(model, {{"matrix", {1, 1}}, {"vector", {5, 5}}, {"table", {7, 7}}});
  ls::Optimizer<ls::Adam, Space> optimizer(model, {.rate = 0.5, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 1e-8});
  ls::Training<Space> context(model);
  rules::give(context, model, {{2, -0.01}, {1000, 0}, {1}, {-3}});
  optimizer.step(model, context);
  auto now = rules::numbers_of(model);
  CHECK(now.at("matrix")[0] == doctest::Approx(0.5));
  CHECK(now.at("matrix")[1] == doctest::Approx(1.5));
  CHECK(now.at("vector")[0] == doctest::Approx(4.5));
  CHECK(now.at("vector")[1] == 5);
  CHECK(now.at("table")[0] == 7);
  CHECK(now.at("table")[1] == doctest::Approx(7.5));
  // Second step, g = 4 after g = 2: m = 0.5 * 1 + 0.5 * 4 = 2.5, v = 0.75 * 1 + 0.25 * 16 = 4.75; without bias
  // m / (1 - 0.25) and v / (1 - 0.5625).
  rules::give(context, model, {{4, 0}, {}, {}, {}});
  optimizer.step(model, context);
  now = rules::numbers_of(model);
  CHECK(now.at("matrix")[0] == doctest::Approx(0.5 - 0.5 * (2.5 / 0.75) / std::sqrt(4.75 / 0.4375)));
  const auto moments = rules::moments_of(optimizer, model);
  CHECK(moments.at("matrix.moment1")[0] == doctest::Approx(2.5));
  CHECK(moments.at("matrix.moment2")[0] == doctest::Approx(4.75));
  CHECK(optimizer.counts() == std::vector<std::int64_t>{2, 1, 1});
}

TEST_CASE_TEMPLATE("Adam: reference: equals algorithm 1 of Kingma and Ba, touched rows as SparseAdam", Where,
                   LONGSHORE_EVERYWHERE) {
  const ls::Adam rule{.rate = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.1};
  rules::reference<typename Where::Real, typename Where::Space>(
      rule, [](const ls::Adam& its, double& w, double g, double& m, double& v, int t, bool row_sparse) {
        g += its.weight_decay * w;
        m = its.beta1 * m + (1 - its.beta1) * g;
        v = its.beta2 * v + (1 - its.beta2) * g * g;
        const double mean = m / (1 - std::pow(its.beta1, t)), correction = 1 - std::pow(its.beta2, t);
        // With rows, epsilon is added to the root of v before that is corrected.
        if (row_sparse)
          w -= its.rate * mean * std::sqrt(correction) / (std::sqrt(v) + its.epsilon);
        else
          w -= its.rate * mean / (std::sqrt(v / correction) + its.epsilon);
      });
}

TEST_CASE_TEMPLATE("Adam: golden: twenty steps equal PyTorch's Adam and SparseAdam", Where, LONGSHORE_EVERYWHERE) {
  rules::golden<typename Where::Real, typename Where::Space>("optimizers/adam", [](const auto& setting) {
    return ls::Adam{.rate = setting("rate"),
                    .beta1 = setting("beta1"),
                    .beta2 = setting("beta2"),
                    .epsilon = setting("epsilon"),
                    .weight_decay = setting("weight_decay")};
  });
}

TEST_CASE_TEMPLATE("Adam: edges: nothing, one number, rows never touched or twice, extreme gradients", Where,
                   LONGSHORE_EVERYWHERE) {
  rules::edges<typename Where::Real, typename Where::Space>(ls::Adam{.rate = 0.1});
}

TEST_CASE("Adam: threads: equal bits on every space and number of threads, and twice") {
  rules::same_bits<float>(ls::Adam{.rate = 0.1, .weight_decay = 0.01});
  rules::same_bits<double>(ls::Adam{.rate = 0.1, .weight_decay = 0.01});
}

TEST_CASE("Adam: refused: settings out of range are named, with what came") {
  rules::refused(ls::Adam{.rate = -1}, "Adam: rate is finite and at least 0, it is -1");
  rules::refused(ls::Adam{.rate = std::numeric_limits<double>::infinity()},
                 "Adam: rate is finite and at least 0, it is inf");
  rules::refused(ls::Adam{.beta1 = 1}, "Adam: beta1 is at least 0 and below 1, it is 1");
  rules::refused(ls::Adam{.beta2 = -0.5}, "Adam: beta2 is at least 0 and below 1, it is -0.5");
  rules::refused(ls::Adam{.epsilon = 0}, "Adam: epsilon is finite and above 0, it is 0");
  rules::refused(ls::Adam{.weight_decay = std::numeric_limits<double>::quiet_NaN()},
                 "Adam: weight_decay is finite and at least 0, it is nan");
}
