// expects: one vector a user is wanted: pool the sequences first
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void candidates_that_nobody_pooled(const ls::TargetAttentionPooling<float, Space>& pool, ls::Inference<Space>& context,
                                   const ls::Sequences<float, Space>& history,
                                   const ls::Matrix<float, Space>& candidates) {
  pool(context, candidates, history);
#ifndef LONGSHORE_CONTROL
  pool(context, history, history);
#endif
}
