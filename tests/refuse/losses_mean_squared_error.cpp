// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/mean_squared_error.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void steps_that_nobody_scored(ls::Inference<Space>& context, const ls::Matrix<float, Space>& scores,
                              const ls::Sequences<float, Space>& history,
                              const ls::View<const float, 2, Space>& labels) {
  ls::MeanSquaredError{}(context, scores, labels);
#ifndef LONGSHORE_CONTROL
  ls::MeanSquaredError{}(context, history, labels);
#endif
  (void)history;
}
