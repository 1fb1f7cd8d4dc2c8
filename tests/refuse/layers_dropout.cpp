// expects: Dropout: give rows, cubes, Sequences of Real
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/layers/dropout.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void values_of_another_scalar_or_rank(const ls::Dropout<float, Space>& drop, ls::Inference<Space>& context,
                                      const ls::Matrix<double, Space>& wide,
                                      const ls::Sequences<double, Space>& wide_steps,
                                      const ls::Value<float, 1, Space>& flat, const ls::Matrix<float, Space>& x) {
  drop(context, x);
#ifndef LONGSHORE_CONTROL
  drop(context, wide);
  drop(context, wide_steps);
  drop(context, flat);
#endif
  (void)wide;
  (void)wide_steps;
  (void)flat;
}
