// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/check_ids.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/factorization/factorizer.hpp>
#include <longshore/kernels/linear.hpp>
#include <longshore/metrics/full_ranking.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Ranks the relevant items of some users among the whole catalogue, by the inner products of a factorisation.
///
///     auto test = evaluation_rows(all, split.test);
///     double value = ndcg(10)(rank_factors(als, users, test.rows())).value;
///
/// Cost: O(B I D) for the scores, on the host, in blocks; then `full_ranking`.
///
/// @param users  (B) of each row the user whose vector scores
/// @param rows   relevant and removed items of B rows
/// @throws ShapeError if users and rows differ in number, or settings do not fit
/// @throws DataError  if a user is outside the model, and as `full_ranking`
template <InnerProductFactors Model>
Ranking rank_factors(const Model& model, std::span<const Id> users, const RankingRows& rows,
                     const FullRankingSettings& settings = {}) {
  using Real = RealOf<Model>;
  using Host = Kokkos::DefaultHostExecutionSpace;
  expects(users.size() == rows.size(), "rank_factors: there are ", users.size(), " users and ", rows.size(), " rows");
  const SpaceOf<Model> executor;
  const auto on_host = [](const Tensor<Real, 2, SpaceOf<Model>>& vectors) {
    Tensor<Real, 2, Host> copied(vectors.extent(0), vectors.extent(1));
    copy(vectors.view(), copied.view());
    return copied;
  };
  const Tensor<Real, 2, Host> user_vectors = on_host(model.user_vectors(executor));
  const Tensor<Real, 2, Host> item_vectors = on_host(model.item_vectors(executor));
  check_ids("rank_factors: users", users.data(), users.size(), user_vectors.extent(0));
  const Index items = item_vectors.extent(0), features = item_vectors.extent(1);
  std::vector<Real> workspace(linear_forward_workspace(features, items));
  const auto score = [&](std::size_t first, std::size_t count, std::span<Real> scores) {
    Tensor<Real, 2, Host> queries(count, features);
    for (std::size_t b = 0; b < count; ++b)
      std::copy_n(user_vectors.view().row(users[first + b]), features, queries.view().row(static_cast<Index>(b)));
    const View<Real, 2, Host> out(scores.data(), count, items);
    linear_forward<Real, Host>(Host(), std::as_const(queries).view(), item_vectors.view(), {}, out,
                               View<Real, 1, Host>(workspace.data(), workspace.size()));
    Host().fence();
  };
  return full_ranking(rows, items, score, settings);
}

}  // namespace longshore::inline LONGSHORE_ABI
