// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <longshore/core/copy.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/core/training.hpp>
#include <longshore/losses/mean_squared_error.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <vector>

namespace check {

/// An ordinary optimiser brings the block of a case to a hundredth of the squared error that it starts with, on labels
/// that a block of other numbers gives for the same ids.
template <template <class, class> class Case>
void learns(int shape, int steps = 400) {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  Case<float, Space> example(ls::Random(11), shape);
  ls::Inference<Space> inference;
  const auto goal = example(inference);
  ls::Tensor<float, 2, Space> labels(goal.extent(0), goal.extent(1));
  ls::copy(ls::View<const float, 2, Space>(goal.data), labels.view());
  example.block = Case<float, Space>(ls::Random(12), shape).block;
  ls::Optimizer<ls::Adam, Space> optimizer(example, {.rate = 0.02});
  ls::Training<Space> context(example);
  float first = 0, last = 0;
  for (int step = 0; step < steps; ++step) {
    context.reset();
    const auto loss = ls::MeanSquaredError{}(context, example(context), ls::View<const float, 2, Space>(labels.view()));
    context.backward(loss);
    optimizer.step(example, context);
    last = ls::copy_to_host(loss.data)[0];
    if (step == 0) first = last;
  }
  optimizer.check();
  CHECK(first > 0.1f);
  CHECK(last < first / 100);
}

}  // namespace check
