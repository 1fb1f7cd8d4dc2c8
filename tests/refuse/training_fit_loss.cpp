// expects: longshore: fit: Model and Loss do not fit: the loss gives a Value of rank 1 neither for (context, model, batch) nor for (context, scores, batch)
// SPDX-License-Identifier: Apache-2.0
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/training/fit.hpp>

#include "tests/support/small_training.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;
using Model = test::SmallModel<float, Space>;

static_assert(ls::Loss<ls::BinaryCrossEntropy, Model, float, Space, ls::Training<Space>, ls::Batch<Space>>);

#ifndef LONGSHORE_CONTROL
void a_rule_for_a_loss(Model& model, const test::SmallBatches& batches) {
  ls::fit(model, batches, ls::Adam{}, ls::Adam{});
}
#endif
