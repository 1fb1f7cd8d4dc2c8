// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/sampled_softmax.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void vectors_that_nobody_scored(ls::Inference<Space>& context, const ls::Matrix<float, Space>& scores,
                                const ls::Cube<float, Space>& vectors, const ls::View<const ls::Id, 2, Space>& ids) {
  ls::SampledSoftmax{}(context, scores, ids);
#ifndef LONGSHORE_CONTROL
  ls::SampledSoftmax{}(context, vectors, ids);
#endif
  (void)vectors;
}
