// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/embeddings/embedding_table.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A model that looks up the items of a batch in a table of its own, called `items`.
template <class Model>
concept HasItemTable = requires(const Model& model) {
  requires std::is_same_v<std::remove_cvref_t<decltype(model.items)>, EmbeddingTable<RealOf<Model>, SpaceOf<Model>>>;
};

/// Refuses a batch whose history or candidates hold an item that the model's table does not have: lookups do not check.
///
/// Models without a table called `items` look after themselves. Cost: O(N + B C).
///
/// @param batch  on the host
/// @throws DataError naming the array, the position, the id and the number of rows
template <class Model, class Space>
void check_batch_ids(const Model& model, const Batch<Space>& batch) {
  static_assert(is_host_space<Space>,
                "longshore: check_batch_ids reads batches on the host; call it before copy_batch");
  if constexpr (HasItemTable<Model>) {
    check_ids("items of the history", batch.history.items.data(), batch.history.items.size(), model.items.rows());
    check_ids("candidates", batch.candidates.data(), batch.candidates.size(), model.items.rows());
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
