// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <longshore/core/inference.hpp>
#include <longshore/embeddings/embedding_table.hpp>

#include "id_table.hpp"

namespace test {

inline void add_embeddings(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  const auto rows =
      std::make_shared<ls::EmbeddingTable<float, Host>>(ls::EmbeddingTableSettings{.rows = id_rows, .features = 1});
  const auto context = std::make_shared<ls::Inference<Host>>();
  add("embeddings/embedding_table.hpp", [rows, context](Ids ids) {
    context->reset();
    (*rows)(*context, ls::View<const ls::Id, 1, Host>(ids.data(), 10));
  });
  add("embeddings/embedding_table.hpp", [rows, context](Ids ids) {
    context->reset();
    (*rows)(*context, ls::View<const ls::Id, 2, Host>(ids.data(), 5, 2));
  });
}

}  // namespace test
