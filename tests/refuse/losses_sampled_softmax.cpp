// expects: SampledSoftmax: give scores and ids, both (B, C), or a batch
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/losses/sampled_softmax.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void vectors_that_nobody_scored_and_ids_left_out(ls::Inference<Space>& context, const ls::Matrix<float, Space>& scores,
                                                 const ls::Cube<float, Space>& vectors,
                                                 const ls::View<const ls::Id, 2, Space>& ids,
                                                 const ls::View<const float, 2, Space>& log_q) {
  ls::SampledSoftmax{}(context, scores, ids, log_q);
#ifndef LONGSHORE_CONTROL
  ls::SampledSoftmax{}(context, vectors, ids);
  ls::SampledSoftmax{}(context, scores);
  ls::SampledSoftmax{}(context, scores, log_q);
#endif
  (void)vectors;
}
