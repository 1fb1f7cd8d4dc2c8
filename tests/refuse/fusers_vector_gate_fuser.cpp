// expects: one vector a user is wanted: pool the sequences first
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/fusers/vector_gate_fuser.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void sequences_that_nobody_pooled(const ls::VectorGateFuser<float, Space>& fuse, ls::Inference<Space>& context,
                                  const ls::Matrix<float, Space>& taste, const ls::Matrix<float, Space>& intent,
                                  const ls::Sequences<float, Space>& recent) {
  fuse(context, {}, {taste, intent});
#ifndef LONGSHORE_CONTROL
  fuse(context, {}, {taste, recent});
#endif
  (void)recent;
}
