// expects: longshore: Optimizer: the rule is no UpdateRule, as Sgd, Adam, AdamW and Adagrad are
// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/adagrad.hpp>
#include <longshore/optimizers/optimizer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

/// Adagrad with the sum of squares only, but no step.
struct NoRule {
  static constexpr const char* name = "NoRule";
  double rate = 1, weight_decay = 0;
  static constexpr int moments() { return 1; }
  void check() const {}
};

void something_that_is_no_rule(ls::Parameter<float, 1, Space>& parameter) {
  ls::Optimizer<ls::Adagrad, Space> first(parameter);
#ifndef LONGSHORE_CONTROL
  ls::Optimizer<NoRule, Space> second(parameter);
#endif
}
