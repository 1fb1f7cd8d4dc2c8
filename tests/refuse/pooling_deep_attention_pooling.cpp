// expects: DeepAttentionPooling: give Windowed or Sequences of Real and Space
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/pooling/deep_attention_pooling.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_without_windows_and_steps_of_another_scalar(const ls::DeepAttentionPooling<float, Space>& pool,
                                                      ls::Inference<Space>& context,
                                                      const ls::Sequences<float, Space>& history,
                                                      const ls::Matrix<float, Space>& rows,
                                                      const ls::Sequences<double, Space>& wide,
                                                      const ls::Windows<Space>& windows) {
  pool(context, history);
  pool(context, {rows, windows});
#ifndef LONGSHORE_CONTROL
  pool(context, rows);
  pool(context, rows, windows);
  pool(context, wide);
  pool(context);
#endif
  (void)wide;
}
