// expects: no match
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <longshore/core/inference.hpp>
#include <longshore/embeddings/embedding_table.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void ids_that_are_wider_than_ids(const ls::EmbeddingTable<float, Space>& table, ls::Inference<Space>& context,
                                 const ls::View<const ls::Id, 1, Space>& ids,
                                 const ls::View<const std::int64_t, 1, Space>& keys) {
  table(context, ids);
#ifndef LONGSHORE_CONTROL
  table(context, keys);
#endif
  (void)keys;
}
