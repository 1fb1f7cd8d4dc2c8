// expects: LayerNorm: give rows, cubes, Sequences of Real
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/layer_norm.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void values_of_another_scalar_or_rank(const ls::LayerNorm<float, Space>& norm, ls::Inference<Space>& context,
                                      const ls::Matrix<double, Space>& wide,
                                      const ls::Sequences<double, Space>& wide_steps,
                                      const ls::Value<float, 1, Space>& flat, const ls::Matrix<float, Space>& x) {
  norm(context, x);
#ifndef LONGSHORE_CONTROL
  norm(context, wide);
  norm(context, wide_steps);
  norm(context, flat);
#endif
  (void)wide;
  (void)wide_steps;
  (void)flat;
}
