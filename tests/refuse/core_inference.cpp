// expects: A context serves one thread: make another for the next.
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <utility>

namespace ls = longshore;
using Space = Kokkos::Serial;

void what_is_moved_and_not_copied(ls::Inference<Space>& context) {
#ifndef LONGSHORE_CONTROL
  ls::Inference<Space> copied = context;
#endif
  ls::Inference<Space> taken = std::move(context);
}
