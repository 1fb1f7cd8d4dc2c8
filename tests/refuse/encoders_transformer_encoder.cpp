// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/encoders/transformer_encoder.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void steps_of_another_scalar(const ls::TransformerEncoder<float, Space>& encoder, ls::Inference<Space>& context,
                             const ls::Sequences<float, Space>& history, const ls::Sequences<double, Space>& wide) {
  encoder(context, history);
#ifndef LONGSHORE_CONTROL
  encoder(context, wide);
#endif
  (void)wide;
}
