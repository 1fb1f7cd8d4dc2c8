// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/inference.hpp>
#include <longshore/pooling/max_pooling.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void rows_without_windows(const ls::MaxPooling<float, Space>& pool, ls::Inference<Space>& context,
                          const ls::Sequences<float, Space>& history, const ls::Matrix<float, Space>& rows) {
  pool(context, history);
#ifndef LONGSHORE_CONTROL
  pool(context, rows);
#endif
  (void)rows;
}
