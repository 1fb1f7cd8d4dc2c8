// expects: SelfAttention: give Sequences, not rows, of its Real and Space
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/encoders/self_attention.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_that_are_no_sequences_and_another_scalar(const ls::SelfAttention<float, Space>& attend,
                                                   ls::Inference<Space>& context,
                                                   const ls::Sequences<float, Space>& history,
                                                   const ls::Sequences<double, Space>& wide,
                                                   const ls::Matrix<float, Space>& rows) {
  attend(context, history);
#ifndef LONGSHORE_CONTROL
  attend(context, rows);
  attend(context, wide);
  attend(context);
#endif
  (void)rows;
  (void)wide;
}
