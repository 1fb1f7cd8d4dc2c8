// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/sgd.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include "../support/rule_case.hpp"

namespace ls = longshore;

TEST_CASE("Sgd: concept: models UpdateRule, with a moment only where there is momentum") {
  static_assert(ls::UpdateRule<ls::Sgd>);
  CHECK(ls::Sgd{}.moments() == 0);
  CHECK(ls::Sgd{.momentum = 0.5}.moments() == 1);
}

TEST_CASE_TEMPLATE("Sgd: hand: momentum carries old gradients on, Nesterov looks ahead", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto two_steps = [](const ls::Sgd& rule) {
    rules::Model<Real, Space> model(1, 1, 1, 2, 1);
    rules::assign(model, {{"matrix", {10}}, {"vector", {0}}, {"table", {10, 10}}});
    ls::Optimizer<ls::Sgd, Space> optimizer(model, rule);
    ls::Training<Space> context(model);
    rules::give(context, model, {{2}, {}, {1}, {2}});
    optimizer.step(model, context);
    rules::give(context, model, {{4}, {}, {1, 1}, {1, 3}});
    optimizer.step(model, context);
    const auto now = rules::numbers_of(model);
    CHECK(now.at("table") == std::vector<double>{10, now.at("matrix")[0]});
    return now.at("matrix")[0];
  };
  CHECK(two_steps({.rate = 0.5}) == 10 - 1 - 2);
  CHECK(two_steps({.rate = 0.5, .momentum = 0.5}) == 10 - 1 - 0.5 * (0.5 * 2 + 4));
  CHECK(two_steps({.rate = 0.5, .momentum = 0.5, .nesterov = true}) ==
        10 - 0.5 * (2 + 0.5 * 2) - 0.5 * (4 + 0.5 * (0.5 * 2 + 4)));
  CHECK(two_steps({.rate = 0.5, .weight_decay = 0.5}) == 10 - 0.5 * (2 + 5) - 0.5 * (4 + 0.5 * 6.5));
}

TEST_CASE_TEMPLATE("Sgd: reference: equals a loop over numbers, with momentum and with Nesterov's", Where,
                   LONGSHORE_EVERYWHERE) {
  for (const bool nesterov : {false, true}) {
    const ls::Sgd rule{.rate = 0.05, .momentum = 0.8, .weight_decay = 0.1, .nesterov = nesterov};
    rules::reference<typename Where::Real, typename Where::Space>(
        rule, [&](const ls::Sgd& its, double& w, double g, double& m, double&, int, bool) {
          g += its.weight_decay * w;
          m = its.momentum * m + g;
          w -= its.rate * (nesterov ? g + its.momentum * m : m);
        });
  }
}

TEST_CASE_TEMPLATE("Sgd: golden: twenty steps equal PyTorch's, dense, with sparse gradients, and row by row", Where,
                   LONGSHORE_EVERYWHERE) {
  rules::golden<typename Where::Real, typename Where::Space>("optimizers/sgd", [](const auto& setting) {
    return ls::Sgd{.rate = setting("rate"),
                   .momentum = setting("momentum"),
                   .weight_decay = setting("weight_decay"),
                   .nesterov = setting("nesterov") != 0};
  });
}

TEST_CASE_TEMPLATE("Sgd: edges: nothing, one number, rows never touched or twice, extreme gradients", Where,
                   LONGSHORE_EVERYWHERE) {
  rules::edges<typename Where::Real, typename Where::Space>(ls::Sgd{.rate = 0.1});
  rules::edges<typename Where::Real, typename Where::Space>(ls::Sgd{.rate = 0.1, .momentum = 0.9});
}

TEST_CASE("Sgd: threads: equal bits on every space and number of threads, and twice") {
  rules::same_bits<float>(ls::Sgd{.rate = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = true});
  rules::same_bits<double>(ls::Sgd{.rate = 0.1, .weight_decay = 0.01});
}

TEST_CASE("Sgd: refused: settings out of range are named, with what came") {
  rules::refused(ls::Sgd{.rate = -1}, "Sgd: rate is finite and at least 0, it is -1");
  rules::refused(ls::Sgd{.momentum = 1}, "Sgd: momentum is at least 0 and below 1, it is 1");
  rules::refused(ls::Sgd{.weight_decay = -1}, "Sgd: weight_decay is finite and at least 0, it is -1");
  rules::refused(ls::Sgd{.nesterov = true}, "Sgd: Nesterov's step needs a momentum above 0");
}
