// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/item_filter.hpp>
#include <longshore/kernels/top_k_panels.hpp>
#include <longshore/linalg/lanes_above.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// An item and its score. Sorts best first, equal scores by their ids.
template <class Real>
struct ScoredItem {
  Real score;
  Id item;
  friend bool operator<(const ScoredItem& a, const ScoredItem& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

/// What the passes of `top_k` share. Each of `parts` bodies looks at its panels for all queries.
template <class Real>
struct TopKSearch {
  Index items, features, queries, k, parts, capacity;
  TopKRows<Real> rows;      // (I, D)
  const Real* query_rows;   // (B, D)
  ItemFilter filter;        // of the rows that the queries come from
  Index first;              // row of the first query, where `places` is null
  const Index* places;      // (B) row of each query, or null: they follow each other
  ScoredItem<Real>* lists;  // (parts, B, capacity)
  Index* sizes;             // (parts, B)
  Real* least;              // (parts, B) what a score must exceed

  /// The row of the request that a query comes from, which its filters and its list have too.
  Index row(Index query) const { return places ? places[query] : first + query; }
  /// Whether the query may be given the item.
  bool allows(Index query, Id item) const { return filter.allows(row(query), item); }
  /// Cuts a list to its k best.
  Index cut(ScoredItem<Real>* list, Index size) const {
    if (size <= k) return size;
    std::nth_element(list, list + (k - 1), list + size);
    return k;
  }
};

/// The scores of `count` queries with `registers` registers of items side by side, each the sum over d, from the first
/// on. Every score of the search is made here, so that it has the same bits whichever way it was asked for.
///
/// Cost: O(count D) instructions; nothing is allocated.
///
/// @param left      (count, D) queries
/// @param right     (D, ...) items, `distance` numbers from one feature to the next
/// @param sum       overwritten
template <int count, int registers, class Real>
[[gnu::always_inline]] inline void top_k_scores(const Real* left, const Real* right, Index features, Index distance,
                                                Simd<Real> (&sum)[count][registers]) {
  using Vector = Simd<Real>;
  unroll<count>([&](auto i) { unroll<registers>([&](auto v) { sum[i][v] = Vector::broadcast(0); }); });
  for (Index d = 0; d < features; ++d) {
    Vector items[registers];
    unroll<registers>([&](auto v) {
      items[v] = Vector::load(right + v * Vector::width);
      if constexpr (count > 1) items[v].stay();
    });
    unroll<count>([&](auto i) {
      const Vector one = Vector::broadcast(left[i * features + d]);
      unroll<registers>([&](auto v) { sum[i][v].add_product(one, items[v]); });
    });
    right += distance;
  }
}

/// Finds the best items of a part for every query.
template <class Real>
struct TopKSweep {
  static inline const std::string label = "longshore::top_k";
  static constexpr int team_size = 1;
  TopKSearch<Real> search;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
#if !LONGSHORE_ON_DEVICE
    sweep(team.league());
#endif
  }

 private:
  void sweep(Index part) const {
    constexpr int most = simd_accumulators / top_k_registers;
    const Index panels = top_k_panels<Real>(search.items);
    const auto begin = [&](std::int64_t p) { return static_cast<Index>(p * panels / search.parts); };
    const Index queries = search.queries;
    std::fill_n(search.sizes + std::int64_t{part} * queries, queries, Index{0});
    std::fill_n(search.least + std::int64_t{part} * queries, queries, -std::numeric_limits<Real>::infinity());
    for (Index p = begin(part); p < begin(std::int64_t{part} + 1); ++p) {
      Index q = 0;
      for (; q + most <= queries; q += most) tile<most>(part, p, q);
      for (; q + 4 <= queries; q += 4) tile<4>(part, p, q);
      for (; q + 2 <= queries; q += 2) tile<2>(part, p, q);
      for (; q < queries; ++q) tile<1>(part, p, q);
    }
  }

  // The scores of `Rows` queries with a panel, in registers; those above the least of their query are kept.
  template <int Rows>
  [[gnu::flatten]] void tile(Index part, Index panel, Index query) const {
    using Vector = Simd<Real>;
    constexpr int registers = top_k_registers;
    Vector sum[Rows][registers];
    top_k_scores(search.query_rows + std::int64_t{query} * search.features,
                 search.rows.numbers + std::int64_t{panel} * top_k_panel<Real> * search.features, search.features,
                 top_k_panel<Real>, sum);
    const Real* least = search.least + std::int64_t{part} * search.queries + query;
    unroll<Rows>([&](auto i) {
      Vector best = Vector::broadcast(-std::numeric_limits<Real>::infinity());  // what is not a number hides nothing
      unroll<registers>([&](auto v) { best.raise(sum[i][v]); });
      if (lanes_above(best, Vector::broadcast(least[i])) != 0) [[unlikely]] {
        Real scores[top_k_panel<Real>];
        unroll<registers>([&](auto v) { sum[i][v].store(scores + v * Vector::width); });
        keep(part, panel, query + i, scores);
      }
    });
  }

  // Adds what is better than the least; a list that could overflow is cut to its k best. Ids ascend, so that of equal
  // scores the first stay.
  [[gnu::noinline]] void keep(Index part, Index panel, Index query, const Real* scores) const {
    const std::int64_t place = std::int64_t{part} * search.queries + query;
    ScoredItem<Real>* list = search.lists + place * search.capacity;
    Index& size = search.sizes[place];
    Real& least = search.least[place];
    const Index first = panel * top_k_panel<Real>, count = std::min(top_k_panel<Real>, search.items - first);
    for (Index j = 0; j < count; ++j)
      if (scores[j] > least && search.allows(query, first + j)) list[size++] = {scores[j], first + j};
    if (size + top_k_panel<Real> <= search.capacity) return;
    size = search.cut(list, size);
    least = list[search.k - 1].score;
  }
};

/// Joins what the parts found for a query and sorts it.
template <class Real>
struct TopKJoin {
  static inline const std::string label = "longshore::top_k_join";
  TopKSearch<Real> search;
  Index width;   // K, at least search.k
  Id* items;     // (R, K)
  Real* scores;  // (R, K)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t query) const {
#if !LONGSHORE_ON_DEVICE
    join(query);
#endif
  }

 private:
  void join(std::int64_t query) const {
    ScoredItem<Real>* all = search.lists + query * search.capacity;  // has room for the best of another part
    Index size = search.cut(all, search.sizes[query]);
    for (Index part = 1; part < search.parts; ++part) {
      const std::int64_t place = std::int64_t{part} * search.queries + query;
      ScoredItem<Real>* list = search.lists + place * search.capacity;
      const Index more = search.cut(list, search.sizes[place]);
      std::copy_n(list, more, all + size);
      size = search.cut(all, size + more);
    }
    std::sort(all, all + size);
    const std::int64_t to = search.row(static_cast<Index>(query)) * std::int64_t{width};
    for (Index j = 0; j < width; ++j) {
      items[to + j] = j < size ? all[j].item : Id{-1};
      scores[to + j] = j < size ? all[j].score : -std::numeric_limits<Real>::infinity();
    }
  }
};

/// Entries of a list while it is filled: two joined ones fit, and a panel beside the best.
template <class Real>
std::int64_t top_k_capacity(Index k) {
  return std::int64_t{k} + std::max(k, top_k_panel<Real>);
}

/// The k items of highest inner product with each query, best first, equal scores by ascending ids: scores stay in
/// registers and are never written. The same result for any number of parts. Does not wait.
///
/// A score that is minus infinity or not a number is never listed.
///
/// Cost: O(B I D), and for each query and part about k log(I / (parts k)) entries of a list; memory `search.lists`.
/// After the first panels hardly a score passes the least of its list, so that choosing costs next to nothing.
///
/// @param search  its arrays are given by whoever calls: lists (parts, B, top_k_capacity(k)); sizes, least (parts, B);
///                its rows are panels
/// @param items   (R, K), the rows of the queries overwritten, K at least search.k; -1 where there are fewer
/// @param scores  (R, K) likewise; minus infinity where there are fewer
template <class Real, class Space, class Executor>
void top_k(const Executor& executor, const TopKSearch<Real>& search, View<Id, 2, Space> items,
           View<Real, 2, Space> scores) {
  static_assert(is_host_space<Space>, "top_k works on a host");
  for_each_team<Space>(executor, search.parts, TopKSweep<Real>{search});
  for_each(executor, search.queries, TopKJoin<Real>{search, items.extent(1), items.data(), scores.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
