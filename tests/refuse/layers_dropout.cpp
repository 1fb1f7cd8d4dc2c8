// expects: is ambiguous
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/dropout.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_of_another_scalar(const ls::Dropout<float, Space>& drop, ls::Inference<Space>& context,
                            const ls::Matrix<double, Space>& wide, const ls::Matrix<float, Space>& x) {
  drop(context, x);
#ifndef LONGSHORE_CONTROL
  drop(context, wide);
#endif
  (void)wide;
}
