// expects: Optimizer: give a model, this rule's settings, OptimizerSettings
// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/optimizers/sgd.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void a_setting_of_another_rule(ls::Parameter<float, 1, Space>& parameter) {
  ls::Optimizer<ls::Sgd, Space> first(parameter, {.rate = 0.1, .momentum = 0.9});
#ifndef LONGSHORE_CONTROL
  ls::Optimizer<ls::Sgd, Space> second(parameter, {.rate = 0.1, .beta1 = 0.9});
#endif
}
