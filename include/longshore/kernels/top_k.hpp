// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/view.hpp>
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

/// Registers side by side in a panel of items.
inline constexpr int top_k_registers = simd_bytes == 64 ? 4 : 2;
/// Items of a panel.
template <class Real>
inline constexpr Index top_k_panel = top_k_registers * simd_width<Real>;

/// How many panels hold so many items.
template <class Real>
Index top_k_panels(Index items) {
  return items / top_k_panel<Real> + (items % top_k_panel<Real> > 0 ? 1 : 0);
}

/// Numbers that the panels of a table take.
template <class Real>
std::size_t top_k_packed_size(Index items, Index features) {
  return static_cast<std::size_t>(top_k_panels<Real>(items)) * static_cast<std::size_t>(top_k_panel<Real>) *
         static_cast<std::size_t>(features);
}

/// The body of `pack_top_k`, which says what it computes.
template <class Real>
struct PackTopK {
  static inline const std::string label = "longshore::pack_top_k";
  Index items, features;
  const Real* table;  // (I, D)
  Real* panels;       // (panels, D, top_k_panel)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t panel) const {
    constexpr Index width = top_k_panel<Real>;
    Real* to = panels + panel * width * features;
    const auto first = static_cast<Index>(panel) * width;
    const Index count = items - first < width ? items - first : width;
    for (Index d = 0; d < features; ++d)
      for (Index j = 0; j < width; ++j)
        to[d * width + j] = j < count ? table[std::int64_t{first + j} * features + d] : Real(0);
  }
};

/// Lays a table out as `top_k` reads it: items of a panel side by side, the last panel filled up with zeros. Does not
/// wait.
///
/// Cost: O(I D), no scratch.
///
/// @param table   (I, D)
/// @param panels  top_k_packed_size(I, D) numbers, overwritten
template <class Real, class Space, class Executor>
void pack_top_k(const Executor& executor, View<const Real, 2, Space> table, Real* panels) {
  static_assert(is_host_space<Space>, "pack_top_k works on a host");
  for_each(executor, top_k_panels<Real>(table.extent(0)),
           PackTopK<Real>{table.extent(0), table.extent(1), table.data(), panels});
}

/// What the passes of `top_k` share. Each of `parts` bodies looks at its panels for all queries.
template <class Real>
struct TopKSearch {
  Index items, features, queries, k, parts, capacity;
  const Real* panels;
  const Real* query_rows;        // (B, D)
  const Id* removed;             // (N) those of a query ascending, or null
  const Index* removed_offsets;  // (B + 1)
  ScoredItem<Real>* lists;       // (parts, B, capacity)
  Index* sizes;                  // (parts, B)
  Real* least;                   // (parts, B) what a score must exceed

  /// Whether the query may be given the item.
  bool allows(Index query, Id item) const {
    return !removed ||
           !std::binary_search(removed + removed_offsets[query], removed + removed_offsets[query + 1], item);
  }
};

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
    const Index features = search.features;
    const Real* right = search.panels + std::int64_t{panel} * top_k_panel<Real> * features;
    const Real* left = search.query_rows + std::int64_t{query} * features;
    Vector sum[Rows][registers];
    unroll<Rows>([&](auto i) { unroll<registers>([&](auto v) { sum[i][v] = Vector::broadcast(0); }); });
    for (Index d = 0; d < features; ++d) {
      Vector items[registers];
      unroll<registers>([&](auto v) {
        items[v] = Vector::load(right + v * Vector::width);
        if constexpr (Rows > 1) items[v].stay();
      });
      unroll<Rows>([&](auto i) {
        const Vector one = Vector::broadcast(left[i * features + d]);
        unroll<registers>([&](auto v) { sum[i][v].add_product(one, items[v]); });
      });
      right += top_k_panel<Real>;
    }
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
    std::nth_element(list, list + (search.k - 1), list + size);
    size = search.k;
    least = list[search.k - 1].score;
  }
};

/// Joins what the parts found for a query and sorts it.
template <class Real>
struct TopKJoin {
  static inline const std::string label = "longshore::top_k_join";
  TopKSearch<Real> search;
  Index width;   // K, at least search.k
  Id* items;     // (B, K)
  Real* scores;  // (B, K)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t query) const {
#if !LONGSHORE_ON_DEVICE
    join(query);
#endif
  }

 private:
  void join(std::int64_t query) const {
    ScoredItem<Real>* all = search.lists + query * search.capacity;  // has room for the best of another part
    Index size = cut(all, search.sizes[query]);
    for (Index part = 1; part < search.parts; ++part) {
      const std::int64_t place = std::int64_t{part} * search.queries + query;
      ScoredItem<Real>* list = search.lists + place * search.capacity;
      const Index more = cut(list, search.sizes[place]);
      std::copy_n(list, more, all + size);
      size = cut(all, size + more);
    }
    std::sort(all, all + size);
    for (Index j = 0; j < width; ++j) {
      items[query * width + j] = j < size ? all[j].item : Id{-1};
      scores[query * width + j] = j < size ? all[j].score : -std::numeric_limits<Real>::infinity();
    }
  }

  Index cut(ScoredItem<Real>* list, Index size) const {
    if (size <= search.k) return size;
    std::nth_element(list, list + (search.k - 1), list + size);
    return search.k;
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
/// @param search  its arrays are given by whoever calls: lists (parts, B, top_k_capacity(k)); sizes, least (parts, B)
/// @param items   (B, K) overwritten, K at least search.k; -1 where there are fewer
/// @param scores  (B, K) overwritten; minus infinity where there are fewer
template <class Real, class Space, class Executor>
void top_k(const Executor& executor, const TopKSearch<Real>& search, View<Id, 2, Space> items,
           View<Real, 2, Space> scores) {
  static_assert(is_host_space<Space>, "top_k works on a host");
  for_each_team<Space>(executor, search.parts, TopKSweep<Real>{search});
  for_each(executor, search.queries, TopKJoin<Real>{search, items.extent(1), items.data(), scores.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
