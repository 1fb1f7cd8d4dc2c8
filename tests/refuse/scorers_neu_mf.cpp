// expects: one vector a user is wanted: pool the sequences first
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/scorers/neu_mf.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void sequences_that_nobody_pooled(const ls::NeuMf<float, Space>& score, ls::Inference<Space>& context,
                                  const ls::Matrix<float, Space>& interest, const ls::Sequences<float, Space>& recent,
                                  const ls::Cube<float, Space>& candidates) {
  score(context, interest, candidates);
#ifndef LONGSHORE_CONTROL
  score(context, recent, candidates);
#endif
  (void)recent;
}
