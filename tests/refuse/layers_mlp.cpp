// expects: is ambiguous
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/mlp.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_of_another_scalar(const ls::Mlp<float, Space>& mlp, ls::Inference<Space>& context,
                            const ls::Matrix<double, Space>& wide, const ls::Matrix<float, Space>& x) {
  mlp(context, x);
#ifndef LONGSHORE_CONTROL
  mlp(context, wide);
#endif
  (void)wide;
}
