// expects: MeanPooling: give Windowed or Sequences, and a weight a step or none
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/pooling/mean_pooling.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_without_windows_and_steps_of_another_scalar(
    const ls::MeanPooling<float, Space>& pool, ls::Inference<Space>& context,
    const ls::Sequences<float, Space>& history, const ls::Matrix<float, Space>& rows,
    const ls::Sequences<double, Space>& wide, const ls::Windows<Space>& windows,
    const ls::View<const float, 1, Space>& step_weights, const ls::View<const double, 1, Space>& wide_weights) {
  pool(context, history);
  pool(context, {rows, windows});
  pool(context, history, step_weights);
#ifndef LONGSHORE_CONTROL
  pool(context, rows);
  pool(context, rows, windows);
  pool(context, wide);
  pool(context);
  pool(context, history, wide_weights);
#endif
  (void)wide;
  (void)wide_weights;
}
