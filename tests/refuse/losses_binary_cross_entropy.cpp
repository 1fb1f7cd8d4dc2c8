// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void vectors_that_nobody_scored(ls::Inference<Space>& context, const ls::Matrix<float, Space>& scores,
                                const ls::Cube<float, Space>& vectors, const ls::View<const float, 2, Space>& labels) {
  ls::BinaryCrossEntropy{}(context, scores, labels);
#ifndef LONGSHORE_CONTROL
  ls::BinaryCrossEntropy{}(context, vectors, labels);
#endif
  (void)vectors;
}
