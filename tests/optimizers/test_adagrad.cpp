// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/adagrad.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>

#include "../support/rule_case.hpp"

namespace ls = longshore;

TEST_CASE("Adagrad: concept: models UpdateRule, with one moment") {
  static_assert(ls::UpdateRule<ls::Adagrad>);
  CHECK(ls::Adagrad::moments() == 1);
  CHECK(ls::Adagrad{}.rate == 1e-2);
}

TEST_CASE_TEMPLATE("Adagrad: hand: steps shrink as the squares add up", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  rules::Model<Real, Space> model(1, 1, 1, 2, 1);
  rules::assign(model, {{"matrix", {1}}, {"vector", {1}}, {"table", {1, 1}}});
  ls::Optimizer<ls::Adagrad, Space> optimizer(model, {.rate = 0.5});
  ls::Training<Space> context(model);
  rules::give(context, model, {{3}, {}, {0, 0}, {1, 2}});
  optimizer.step(model, context);
  CHECK(rules::numbers_of(model).at("matrix")[0] == doctest::Approx(0.5));  // 3 / sqrt(9)
  CHECK(rules::numbers_of(model).at("table")[0] == doctest::Approx(0.5));
  rules::give(context, model, {{4}, {}, {0}, {-4}});
  optimizer.step(model, context);
  const auto now = rules::numbers_of(model);
  CHECK(now.at("matrix")[0] == doctest::Approx(0.5 - 0.5 * 4 / 5));  // 4 / sqrt(9 + 16)
  CHECK(now.at("table")[0] == doctest::Approx(0.5 + 0.5 * 4 / 5));
  CHECK(now.at("table")[1] == 1);
  const auto moments = rules::moments_of(optimizer, model);
  CHECK(moments.size() == 3);
  CHECK(moments.at("table.moment1") == std::vector<double>{25, 0});
}

TEST_CASE_TEMPLATE("Adagrad: reference: equals the diagonal form of Duchi, Hazan and Singer", Where,
                   LONGSHORE_EVERYWHERE) {
  const ls::Adagrad rule{.rate = 0.1, .epsilon = 1e-2, .weight_decay = 0.2};
  rules::reference<typename Where::Real, typename Where::Space>(
      rule, [](const ls::Adagrad& its, double& w, double g, double& sum, double&, int, bool) {
        g += its.weight_decay * w;
        sum += g * g;
        w -= its.rate * g / (std::sqrt(sum) + its.epsilon);
      });
}

TEST_CASE_TEMPLATE("Adagrad: golden: twenty steps equal PyTorch's, dense and with sparse gradients", Where,
                   LONGSHORE_EVERYWHERE) {
  rules::golden<typename Where::Real, typename Where::Space>("optimizers/adagrad", [](const auto& setting) {
    return ls::Adagrad{.rate = setting("rate"), .epsilon = setting("epsilon"), .weight_decay = setting("weight_decay")};
  });
}

TEST_CASE_TEMPLATE("Adagrad: edges: nothing, one number, rows never touched or twice, extreme gradients", Where,
                   LONGSHORE_EVERYWHERE) {
  rules::edges<typename Where::Real, typename Where::Space>(ls::Adagrad{.rate = 0.1});
}

TEST_CASE("Adagrad: threads: equal bits on every space and number of threads, and twice") {
  rules::same_bits<float>(ls::Adagrad{.rate = 0.1, .weight_decay = 0.01});
  rules::same_bits<double>(ls::Adagrad{.rate = 0.1, .weight_decay = 0.01});
}

TEST_CASE("Adagrad: refused: settings out of range are named, with what came") {
  rules::refused(ls::Adagrad{.rate = -2}, "Adagrad: rate is finite and at least 0, it is -2");
  rules::refused(ls::Adagrad{.epsilon = 0}, "Adagrad: epsilon is finite and above 0, it is 0");
  rules::refused(ls::Adagrad{.weight_decay = -1}, "Adagrad: weight_decay is finite and at least 0, it is -1");
}
