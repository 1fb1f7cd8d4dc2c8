// expects: is ambiguous
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/layer_norm.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_of_another_scalar(const ls::LayerNorm<float, Space>& norm, ls::Inference<Space>& context,
                            const ls::Matrix<double, Space>& wide, const ls::Matrix<float, Space>& x) {
  norm(context, x);
#ifndef LONGSHORE_CONTROL
  norm(context, wide);
#endif
  (void)wide;
}
