// expects: TransformerLayer: give Sequences, not rows, of its Real and Space
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/encoders/transformer_layer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_that_are_no_sequences_and_another_scalar(const ls::TransformerLayer<float, Space>& layer,
                                                   ls::Inference<Space>& context,
                                                   const ls::Sequences<float, Space>& history,
                                                   const ls::Sequences<double, Space>& wide,
                                                   const ls::Matrix<float, Space>& rows) {
  layer(context, history);
#ifndef LONGSHORE_CONTROL
  layer(context, rows);
  layer(context, wide);
  layer(context);
#endif
  (void)rows;
  (void)wide;
}
