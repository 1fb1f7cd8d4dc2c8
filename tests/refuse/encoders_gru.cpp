// expects: Gru: give Sequences, not rows, of its Real and Space
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/encoders/gru.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_that_are_no_sequences_and_another_scalar(const ls::Gru<float, Space>& encode, ls::Inference<Space>& context,
                                                   const ls::Sequences<float, Space>& history,
                                                   const ls::Sequences<double, Space>& wide,
                                                   const ls::Matrix<float, Space>& rows) {
  encode(context, history);
#ifndef LONGSHORE_CONTROL
  encode(context, rows);
  encode(context, wide);
  encode(context);
#endif
  (void)rows;
  (void)wide;
}
