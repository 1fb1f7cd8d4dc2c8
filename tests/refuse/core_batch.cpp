// expects: copy_batch fills another batch.
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/batch.hpp>
#include <utility>

namespace ls = longshore;
using Space = Kokkos::Serial;

void what_is_moved_and_not_copied(ls::Batch<Space>& batch) {
#ifndef LONGSHORE_CONTROL
  ls::Batch<Space> copied = batch;
#endif
  ls::Batch<Space> taken = std::move(batch);
}
