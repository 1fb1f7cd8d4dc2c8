// expects: Bpr: give scores (B, C), then weights (B, C) or a batch
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/bpr.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void vectors_that_nobody_scored(ls::Inference<Space>& context, const ls::Matrix<float, Space>& scores,
                                const ls::Cube<float, Space>& vectors, const ls::View<const float, 2, Space>& weights,
                                const ls::View<const float, 1, Space>& flat) {
  ls::Bpr{}(context, scores);
  ls::Bpr{}(context, scores, weights);
#ifndef LONGSHORE_CONTROL
  ls::Bpr{}(context, vectors, weights);
  ls::Bpr{}(context, scores, flat);
  ls::Bpr{}(context);
#endif
  (void)vectors;
  (void)flat;
}
