// expects: TargetAttentionPooling: give candidates, then Windowed or Sequences
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void candidates_left_out_and_rows_without_windows(const ls::TargetAttentionPooling<float, Space>& pool,
                                                  ls::Inference<Space>& context,
                                                  const ls::Sequences<float, Space>& history,
                                                  const ls::Sequences<double, Space>& wide,
                                                  const ls::Matrix<float, Space>& candidates) {
  pool(context, candidates, history);
#ifndef LONGSHORE_CONTROL
  pool(context, history);
  pool(context, candidates, candidates);
  pool(context, candidates, wide);
#endif
  (void)wide;
}
