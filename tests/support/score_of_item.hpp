// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/core/value.hpp>
#include <longshore/embeddings/embedding_table.hpp>

namespace test {

/// A model whose score of an item is a number of its own, whatever the history.
template <class Real, class Space>
struct ScoreOfItem {
  longshore::EmbeddingTable<Real, Space> items;
  explicit ScoreOfItem(const std::vector<Real>& scores)
      : items({.rows = static_cast<longshore::Index>(scores.size()), .features = 1}, scores) {}
  longshore::Matrix<Real, Space> operator()(auto& context, const auto& batch) const {
    const auto vectors = items(context, batch.candidates);
    return longshore::reshape(vectors, vectors.extent(0), vectors.extent(1));
  }
  void visit(auto&& visitor) { visitor("items", items); }
};

}  // namespace test
