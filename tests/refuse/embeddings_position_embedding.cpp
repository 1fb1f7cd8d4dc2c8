// expects: PositionEmbedding: give Sequences, not rows, of its Real and Space
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/embeddings/position_embedding.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_that_are_no_sequences(const ls::PositionEmbedding<float, Space>& positions, ls::Inference<Space>& context,
                                const ls::Sequences<float, Space>& history, const ls::Sequences<double, Space>& wide,
                                const ls::Matrix<float, Space>& rows) {
  positions(context, history);
#ifndef LONGSHORE_CONTROL
  positions(context, rows);
  positions(context, wide);
#endif
  (void)rows;
  (void)wide;
}
