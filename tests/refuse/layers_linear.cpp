// expects: is ambiguous
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/linear.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_of_another_scalar(const ls::Linear<float, Space>& linear, ls::Inference<Space>& context,
                            const ls::Matrix<double, Space>& wide, const ls::Matrix<float, Space>& x) {
  linear(context, x);
#ifndef LONGSHORE_CONTROL
  linear(context, wide);
#endif
  (void)wide;
}
