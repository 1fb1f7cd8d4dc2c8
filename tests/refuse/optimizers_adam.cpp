// expects: Optimizer: give a model, this rule's settings, OptimizerSettings
// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/adamw.hpp>
#include <longshore/optimizers/optimizer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void another_rules_settings(ls::Parameter<float, 1, Space>& parameter, const ls::Adam& own, const ls::AdamW& other) {
  ls::Optimizer<ls::Adam, Space> first(parameter, own);
#ifndef LONGSHORE_CONTROL
  ls::Optimizer<ls::Adam, Space> second(parameter, other);  // their decays mean different things
#endif
  (void)other;
}
