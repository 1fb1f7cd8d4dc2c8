// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <variant>

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/check_offsets.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/text_of.hpp>
#include <longshore/embeddings/embedding_table.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A model that looks up the items of a batch in a table of its own, called `items`.
template <class Model>
concept HasItemTable = requires(const Model& model) {
  requires std::is_same_v<std::remove_cvref_t<decltype(model.items)>, EmbeddingTable<RealOf<Model>, SpaceOf<Model>>>;
};

/// A model whose scorer, called `score`, looks at the ids of users and candidates.
template <class Model, class Space>
concept HasScorerByIds = requires(const Model& model, const Batch<Space>& batch) {
  requires ScorerByIds<std::remove_cvref_t<decltype(model.score)>, RealOf<Model>, SpaceOf<Model>>;
  model.score.check(batch.users, batch.candidates);
};

/// Refuses a batch that would lead a step astray: whose sequences, windows or step columns do not fit the steps, or
/// whose windows are out of order; whose history or candidates hold an item that the model's table does not have; whose
/// users or candidates its scorer does not know by their ids.
///
/// What else a batch leaves out is not looked at. Ids that a model looks up in other tables, or whose table is not
/// called `items`, are left to it: an `EmbeddingTable` on a host refuses them in the step.
/// Cost: O(N + B C); nothing is allocated.
///
/// @param batch     on the host
/// @param function  who asks: what the sentence of an error begins with
/// @throws ShapeError if arrays of windows differ in length
/// @throws DataError  naming the function, the array, the position and what is there
template <class Model, class Space>
void check_batch(const Model& model, const Batch<Space>& batch, const char* function = "check_batch") {
  static_assert(is_host_space<Space>, "longshore: check_batch reads batches on the host; call it before copy_batch");
  try {
    const Index steps = batch.history.items.extent(0);
    expects<DataError>(steps == 0 || batch.history.offsets.count() > 0, "the history has ", steps,
                       " steps and no offsets that say which sequence each belongs to; set .history.offsets");
    check_offsets("sequences of the history", batch.history.offsets, steps);
    for (const auto& column : batch.history.columns.all())
      std::visit(
          [&](const auto& array) {
            expects<DataError>(array.extent(0) == steps, "the step column '", column.name, "' has ", array.extent(0),
                               " entries, the history ", steps, " steps");
          },
          column.array);
    check_windows("long_term", batch.long_term, steps);
    check_windows("short_term", batch.short_term, steps);
    if constexpr (HasItemTable<Model>) {
      check_ids("items of the history", batch.history.items.data(), batch.history.items.size(), model.items.rows());
      check_ids("candidates", batch.candidates.data(), batch.candidates.size(), model.items.rows());
    }
    if constexpr (HasScorerByIds<Model, Space>) model.score.check(batch.users, batch.candidates);
  } catch (const ShapeError& error) {
    throw ShapeError(text_of(function, ": ", error.what()));
  } catch (const DataError& error) {
    throw DataError(text_of(function, ": ", error.what()));
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
