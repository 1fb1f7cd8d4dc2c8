// expects: is ambiguous
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/activation.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_of_another_scalar(const ls::Activation<float, Space>& relu, ls::Inference<Space>& context,
                            const ls::Matrix<double, Space>& wide, const ls::Matrix<float, Space>& x) {
  relu(context, x);
#ifndef LONGSHORE_CONTROL
  relu(context, wide);
#endif
  (void)wide;
}
