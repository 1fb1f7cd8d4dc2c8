// expects: longshore: fit: Model and Rule do not fit: the rule changes what the model's visit names
// SPDX-License-Identifier: Apache-2.0
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/training/fit.hpp>

#include "tests/support/small_training.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

/// Without visit: nothing of it would be trained.
template <class Real, class Where>
struct Unvisited {
  ls::Matrix<Real, Where> operator()(auto&, const ls::Batch<Where>&) const { return {}; }
};

static_assert(ls::Block<test::SmallModel<float, Space>>);

#ifndef LONGSHORE_CONTROL
void a_model_without_visit(Unvisited<float, Space>& model, const test::SmallBatches& batches) {
  ls::fit(model, batches, ls::BinaryCrossEntropy{}, ls::Adam{});
}
#endif
