// expects: EmbeddingTable: give Ids (B) or (B, C), Ids and Offsets, or a History
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <longshore/core/inference.hpp>
#include <longshore/embeddings/embedding_table.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

void ids_that_are_wider_than_ids_and_three_dimensions(const ls::EmbeddingTable<float, Space>& table,
                                                      ls::Inference<Space>& context,
                                                      const ls::View<const ls::Id, 1, Space>& ids,
                                                      const ls::View<const std::int64_t, 1, Space>& keys,
                                                      const ls::View<const ls::Id, 3, Space>& cube,
                                                      const ls::Matrix<float, Space>& rows) {
  table(context, ids);
#ifndef LONGSHORE_CONTROL
  table(context, keys);
  table(context, cube);
  table(context, rows);
#endif
  (void)keys;
  (void)cube;
  (void)rows;
}
