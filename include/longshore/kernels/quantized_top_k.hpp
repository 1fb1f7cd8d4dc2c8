// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include <longshore/core/team.hpp>
#include <longshore/kernels/byte_rows.hpp>
#include <longshore/kernels/score_threshold.hpp>
#include <longshore/kernels/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// An item whose score lies between two numbers, which are equal once it is known.
///
/// Cost: plain data.
struct BoundedItem {
  float low, high;
  Id item;
  friend bool operator<(const BoundedItem& a, const BoundedItem& b) {
    return a.low != b.low ? a.low > b.low : a.item < b.item;
  }
};

/// What the passes of `quantized_top_k` share.
struct QuantizedTopKSearch {
  TopKSearch<float> search;  // its rows lie one behind the other
  ByteItems items;
  ByteQueries queries;
  Index capacity;
  BoundedItem* lists;  // (parts, B, capacity)
  float* lows;         // (parts, capacity)
  float* gathered;     // (parts, 2, D, simd_width)
};

/// Finds the best items of a part for every query, by bounds, and then their scores.
struct QuantizedTopKSweep {
  static inline const std::string label = "longshore::quantized_top_k";
  static constexpr int team_size = 1;
  QuantizedTopKSearch all;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
#if !LONGSHORE_ON_DEVICE
    sweep(team.league());
#endif
  }

 private:
  static constexpr Index width = top_k_panel<float>;

  void sweep(Index part) const {
    constexpr int most = simd_accumulators / top_k_registers;
    const TopKSearch<float>& search = all.search;
    const Index panels = top_k_panels<float>(search.items), queries = search.queries;
    const auto begin = [&](std::int64_t p) { return static_cast<Index>(p * panels / search.parts); };
    std::fill_n(search.sizes + std::int64_t{part} * queries, queries, Index{0});
    std::fill_n(search.least + std::int64_t{part} * queries, queries, -std::numeric_limits<float>::infinity());
    for (Index p = begin(part); p < begin(std::int64_t{part} + 1); ++p) {
      Index q = 0;
      for (; q + most <= queries; q += most) tile<most>(part, p, q);
      for (; q + 4 <= queries; q += 4) tile<4>(part, p, q);
      for (; q + 2 <= queries; q += 2) tile<2>(part, p, q);
      for (; q < queries; ++q) tile<1>(part, p, q);
    }
    for (Index q = 0; q < queries; ++q) finish(part, q);
  }

  // The greatest scores that `Rows` queries may have with a panel, in registers; those above the least are kept.
  template <int Rows>
  [[gnu::flatten]] void tile(Index part, Index panel, Index query) const {
    constexpr int registers = top_k_registers;
    using Vector = Simd<float>;
    const Index groups = byte_groups(all.search.features);
    const std::uint8_t* right = all.items.codes + std::int64_t{panel} * width * groups * 4;
    const std::int8_t* left = all.queries.codes + std::int64_t{query} * groups * 4;
    ByteSums sum[Rows][registers];
    unroll<Rows>([&](auto i) {
      unroll<registers>([&](auto v) { sum[i][v] = ByteSums::broadcast(all.queries.starts[query + i]); });
    });
    for (Index g = 0; g < groups; ++g) {
      ByteSums items[registers];
      unroll<registers>([&](auto v) { items[v] = ByteSums::load(right + v * ByteSums::width * 4); });
      unroll<Rows>([&](auto i) {
        std::int32_t four;
        std::memcpy(&four, left + (std::int64_t{i} * groups + g) * 4, sizeof(four));
        const auto one = ByteSums::broadcast(four);
        unroll<registers>([&](auto v) { sum[i][v].add_products(items[v], one); });
      });
      right += width * 4;
    }
    Vector scales[registers];
    unroll<registers>(
        [&](auto v) { scales[v] = Vector::load(all.items.scales + std::int64_t{panel} * width + v * Vector::width); });
    const float* least = all.search.least + std::int64_t{part} * all.search.queries + query;
    unroll<Rows>([&](auto i) {
      const float bound = bound_of(panel, query + i);
      const auto slope = Vector::broadcast(all.queries.scales[query + i]), start = Vector::broadcast(bound);
      Vector high[registers], best = Vector::broadcast(-std::numeric_limits<float>::infinity());
      unroll<registers>([&](auto v) {
        high[v] = start;
        high[v].add_product(sum[i][v].as_floats(), slope);
        high[v].scale(scales[v]);
        best.raise(high[v]);
      });
      const auto limit = Vector::broadcast(least[i]);
      if (lanes_above(best, limit) != 0) [[unlikely]] {
        float highs[width];
        std::uint64_t above = 0;
        unroll<registers>([&](auto v) {
          high[v].store(highs + v * Vector::width);
          above |= std::uint64_t{lanes_above(high[v], limit)} << (v * Vector::width);
        });
        keep(part, panel, query + i, bound, highs, above);
      }
    });
  }

  // How far a product of bytes, in units of the item's scale, may be from the score.
  float bound_of(Index panel, Index query) const {
    return all.items.error_ratios[panel] * all.queries.reaches[query] +
           all.items.norm_ratios[panel] * all.queries.errors[query];
  }

  [[gnu::noinline]] void keep(Index part, Index panel, Index query, float bound, const float* highs,
                              std::uint64_t above) const {
    const TopKSearch<float>& search = all.search;
    const std::int64_t place = std::int64_t{part} * search.queries + query;
    BoundedItem* list = all.lists + place * all.capacity;
    const float* scales = all.items.scales + std::int64_t{panel} * width;
    const Index first = panel * width;
    const bool bounded = bound <= std::numeric_limits<float>::max();
    Index& size = search.sizes[place];
    for (; above != 0; above &= above - 1) {
      const Index j = std::countr_zero(above);
      if (first + j >= search.items || !search.allows(query, first + j)) continue;
      const float low = bounded ? highs[j] - 2 * (scales[j] * bound) : -std::numeric_limits<float>::infinity();
      list[size++] = {low, highs[j], first + j};
    }
    if (size + width > all.capacity) cut(part, query);
  }

  // Leaves out what cannot be above k others; where bounds do not tell enough apart, scores do.
  void cut(Index part, Index query) const {
    const TopKSearch<float>& search = all.search;
    const std::int64_t place = std::int64_t{part} * search.queries + query;
    BoundedItem* list = all.lists + place * all.capacity;
    float* lows = all.lows + std::int64_t{part} * all.capacity;
    Index& size = search.sizes[place];
    for (Index j = 0; j < size; ++j) lows[j] = list[j].low;
    const float least = score_threshold(lows, size, search.k);  // the k that are above it stay
    size = leave(list, size, [&](const BoundedItem& item) { return item.high > least; });
    search.least[place] = std::max(search.least[place], least);
    if (size + 2 * width > all.capacity - (all.capacity - search.k) / 4) score(part, query);
  }

  template <class Condition>
  static Index leave(BoundedItem* list, Index size, const Condition& condition) {
    Index left = 0;
    for (Index j = 0; j < size; ++j) {
      list[left] = list[j];
      left += condition(list[j]) ? 1 : 0;
    }
    return left;
  }

  // Replaces bounds by scores and keeps the k best.
  void score(Index part, Index query) const {
    const TopKSearch<float>& search = all.search;
    const std::int64_t place = std::int64_t{part} * search.queries + query;
    BoundedItem* list = all.lists + place * all.capacity;
    Index& size = search.sizes[place];
    constexpr int most = simd_width<float>;
    Index waiting[most];
    int count = 0;
    for (Index j = 0; j < size; ++j) {
      if (list[j].low != list[j].high) {
        search.rows.prefetch(list[j].item);
        waiting[count++] = j;
      }
      if (count == most || (count > 0 && j + 1 == size)) score_some(part, query, list, waiting, count), count = 0;
    }
    size =
        leave(list, size, [](const BoundedItem& item) { return item.low > -std::numeric_limits<float>::infinity(); });
    if (size < search.k) return;
    std::nth_element(list, list + (search.k - 1), list + size);
    size = search.k;
    search.least[place] = list[search.k - 1].low;
  }

  [[gnu::flatten]] void score_some(Index part, Index query, BoundedItem* list, const Index* places, int count) const {
    const TopKSearch<float>& search = all.search;
    float* side_by_side = all.gathered + std::int64_t{part} * 2 * search.features * simd_width<float>;
    Id ids[simd_width<float>];
    for (int j = 0; j < count; ++j) ids[j] = list[places[j]].item;
    search.rows.gather(ids, count, side_by_side);
    Simd<float> sum[1][1];
    top_k_scores(search.query_rows + std::int64_t{query} * search.features, side_by_side, search.features,
                 Index{simd_width<float>}, sum);
    float scores[simd_width<float>];
    sum[0][0].store(scores);
    for (int j = 0; j < count; ++j) list[places[j]].low = list[places[j]].high = scores[j];
  }

  // What the part has found goes where `TopKJoin` looks for it.
  void finish(Index part, Index query) const {
    const TopKSearch<float>& search = all.search;
    const std::int64_t place = std::int64_t{part} * search.queries + query;
    const BoundedItem* list = all.lists + place * all.capacity;
    cut(part, query);
    score(part, query);
    for (Index j = 0; j < search.sizes[place]; ++j)
      search.lists[place * search.capacity + j] = {list[j].low, list[j].item};
  }
};

/// Entries of a list of bounds while it is filled: several times as many as are wanted, as bounds tell apart less than
/// scores do, and some panels; at most room for all items.
inline std::int64_t quantized_top_k_capacity(Index k, Index items) {
  return std::min(4 * std::int64_t{k}, std::int64_t{items}) + 8 * top_k_panel<float>;
}

/// The lists of `top_k`, bit for bit, found by products of bytes: items whose score cannot be among the k best, as the
/// bytes and a bound of their error show, are passed over; the scores of the others are those of `top_k`. Does not
/// wait.
///
///   x . y <= s (t C + b),  b = max(|e_x| / s) (|y| + |e_y|) + max(|x| / s) (|e_y| + (D + 100) 1e-7 |y|)
///
/// with s and t the scales, C the product of the codes, e what the codes do not hold, and the maxima of the item's
/// panel; the last term is what rounding may add to a score of floats and to the bound. Where a row is out of range or
/// bounds tell nothing apart, as of equal items, scores are computed.
///
/// Cost: O(B I D) products of bytes, four times as many an instruction as of floats; O(k log(I / k) D) of floats.
///
/// @param all     its arrays are given by whoever calls; search.lists (parts, B, top_k_capacity(k))
/// @param items   (R, K), the rows of the queries overwritten, K at least search.k; -1 where there are fewer
/// @param scores  (R, K) likewise; minus infinity where there are fewer
template <class Space, class Executor>
void quantized_top_k(const Executor& executor, const QuantizedTopKSearch& all, View<Id, 2, Space> items,
                     View<float, 2, Space> scores) {
  static_assert(is_host_space<Space>, "quantized_top_k works on a host");
  for_each_team<Space>(executor, all.search.parts, QuantizedTopKSweep{all});
  for_each(executor, all.search.queries, TopKJoin<float>{all.search, items.extent(1), items.data(), scores.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
