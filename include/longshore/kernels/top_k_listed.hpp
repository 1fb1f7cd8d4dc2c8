// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/team.hpp>
#include <longshore/kernels/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Finds the best of the listed items for the queries of a part, each of which is one query's alone.
template <class Real>
struct TopKListed {
  static inline const std::string label = "longshore::top_k_listed";
  static constexpr int team_size = 1;
  TopKSearch<Real> search;  // its lists, sizes and least are (1, B, ...)
  ListedItems listed;
  Real* gathered;  // (parts, 2, D, simd_width)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
#if !LONGSHORE_ON_DEVICE
    for (Index query = team.league(); query < search.queries; query += search.parts) search_list(team.league(), query);
#endif
  }

 private:
  static constexpr int width = simd_width<Real>;

  void search_list(Index part, Index query) const {
    Id ids[width];
    int count = 0;
    search.sizes[query] = 0;
    search.least[query] = -std::numeric_limits<Real>::infinity();
    listed.for_each(search.row(query), [&](Id item) {
      search.rows.prefetch(item);
      ids[count++] = item;
      if (count < width) return;
      keep(part, query, ids, count);
      count = 0;
    });
    if (count > 0) keep(part, query, ids, count);
  }

  // Ids need not ascend here, so that a score equal to the least may be of a lower id.
  [[gnu::flatten]] void keep(Index part, Index query, const Id* ids, int count) const {
    Real* side_by_side = gathered + std::int64_t{part} * 2 * search.features * width;
    search.rows.gather(ids, count, side_by_side);
    Simd<Real> sum[1][1];
    top_k_scores(search.query_rows + std::int64_t{query} * search.features, side_by_side, search.features, Index{width},
                 sum);
    Real scores[width];
    sum[0][0].store(scores);
    ScoredItem<Real>* list = search.lists + std::int64_t{query} * search.capacity;
    Index& size = search.sizes[query];
    Real& least = search.least[query];
    for (int j = 0; j < count; ++j)
      if (scores[j] >= least && scores[j] > -std::numeric_limits<Real>::infinity()) list[size++] = {scores[j], ids[j]};
    if (size + width <= search.capacity) return;
    size = search.cut(list, size);
    least = list[search.k - 1].score;
  }
};

/// Numbers of scratch that `top_k_listed` takes.
template <class Real>
std::size_t top_k_listed_workspace(Index parts, Index features) {
  return 2 * static_cast<std::size_t>(parts) * static_cast<std::size_t>(features) *
         static_cast<std::size_t>(simd_width<Real>);
}

/// The k best of the items that each query is restricted to, by the scores of `top_k`, bit for bit; no other item is
/// looked at. Does not wait.
///
/// Cost: O(L D) for L listed items of a query, 16 of them at a time.
///
/// @param search    its arrays are given by whoever calls: lists (1, B, top_k_capacity(k)); sizes, least (1, B)
/// @param listed    every query has a list
/// @param gathered  scratch, top_k_listed_workspace numbers
/// @param items     (R, K), the rows of the queries overwritten, K at least search.k; -1 where there are fewer
/// @param scores    (R, K) likewise; minus infinity where there are fewer
template <class Real, class Space, class Executor>
void top_k_listed(const Executor& executor, const TopKSearch<Real>& search, const ListedItems& listed, Real* gathered,
                  View<Id, 2, Space> items, View<Real, 2, Space> scores) {
  static_assert(is_host_space<Space>, "top_k_listed works on a host");
  for_each_team<Space>(executor, search.parts, TopKListed<Real>{search, listed, gathered});
  TopKSearch<Real> found = search;
  found.parts = 1;
  for_each(executor, found.queries, TopKJoin<Real>{found, items.extent(1), items.data(), scores.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
