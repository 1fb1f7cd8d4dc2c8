// expects: Optimizer::step: give model, context, loss: a Value of rank 1
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/training.hpp>
#include <longshore/optimizers/adamw.hpp>
#include <longshore/optimizers/optimizer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void scores_instead_of_the_loss(ls::Optimizer<ls::AdamW, Space>& optimizer, ls::Parameter<float, 1, Space>& parameter,
                                ls::Training<Space>& context, const ls::Value<float, 1, Space>& loss,
                                const ls::Matrix<float, Space>& scores) {
  optimizer.step(parameter, context, loss);
#ifndef LONGSHORE_CONTROL
  optimizer.step(parameter, context, scores);
#endif
  (void)scores;
}
