// expects: MeanSquaredError: give scores and labels, both (B, C), or a batch
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/mean_squared_error.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void vectors_that_nobody_scored_and_labels_left_out(ls::Inference<Space>& context,
                                                    const ls::Matrix<float, Space>& scores,
                                                    const ls::Cube<float, Space>& vectors,
                                                    const ls::Sequences<float, Space>& history,
                                                    const ls::View<const float, 2, Space>& labels,
                                                    const ls::View<const float, 1, Space>& flat) {
  ls::MeanSquaredError{}(context, scores, labels);
#ifndef LONGSHORE_CONTROL
  ls::MeanSquaredError{}(context, vectors, labels);
  ls::MeanSquaredError{}(context, history, labels);
  ls::MeanSquaredError{}(context, scores);
  ls::MeanSquaredError{}(context, scores, flat);
  ls::MeanSquaredError{}(context, scores, scores);
#endif
  (void)vectors;
  (void)history;
  (void)flat;
}
