// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <longshore/core/math.hpp>
#include <longshore/core/random.hpp>
#include <longshore/linalg/lane.hpp>
#include <longshore/linalg/multiply.hpp>
#include <longshore/linalg/transpose_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Queries of a tile: one a lane, so that the maximum and the sum over keys need no sum over lanes.
template <bool on_host>
inline constexpr Index attention_queries = on_host ? 16 : 64;
/// Keys of a tile. A longer sequence takes several, with a running maximum and sum.
inline constexpr Index attention_keys = 64;
/// Features of a head that are transposed at a time.
inline constexpr Index attention_features = 128;

/// What self-attention does, whatever the data.
template <class Real>
struct AttentionShape {
  Index heads = 1;
  Index features = 0;            // of one head
  bool causal = false;           // a query sees no later key
  Real scale = 1;                // of inner products: 1 / sqrt(features)
  Random random;                 // of dropped weights
  std::uint32_t first_kept = 0;  // draws below it drop a weight
  Real kept_scale = 1;           // 1 / (1 - rate)
};

/// Weights of some keys (rows) for some queries (lanes), and what it takes to make them. On a host it lies on the stack
/// of the thread, on a device in the workspace of the team.
///
/// Cost: 451 numbers a query: 7,216 on a host, 28,864 on a device, whatever the lengths.
template <class Real, Index Queries>
struct AttentionTile {
  Real scores[attention_keys * Queries];
  Real kept[attention_keys * Queries];       // weights after dropout
  Real gradients[attention_keys * Queries];  // by the weights, then by the scores
  Real transposed[attention_features * Queries];
  Real transposed_gradients[attention_features * Queries];
  Real peak[Queries];        // the greatest score so far
  Real total[Queries];       // the sum of weights so far; backward: 1 / the sum
  Real correction[Queries];  // of what was summed before these keys; backward: <gradient, result>
};

/// The tile of a team: on the stack of the thread on a host, in `memory` on a device.
template <class Real, class Team>
struct OwnTile {
  using Tile = AttentionTile<Real, attention_queries<Team::single>>;
  std::conditional_t<Team::single, Tile, char> stack;
  KOKKOS_INLINE_FUNCTION Tile& of([[maybe_unused]] const Team& team, [[maybe_unused]] Real* memory) {
    if constexpr (Team::single)
      return stack;
    else
      return *(reinterpret_cast<Tile*>(memory) + team.league());
  }
};

/// Numbers of scratch that the tiles of so many teams need: none on a host.
template <class Real, class Space>
constexpr std::size_t attention_tiles_size(Index teams) {
  return is_host_space<Space>
             ? 0
             : static_cast<std::size_t>(teams) * (sizeof(AttentionTile<Real, attention_queries<false>>) / sizeof(Real));
}

/// scores[k, q] = factor <key k, query q>, and zeros for queries beyond the last. Begins and ends with a barrier.
///
/// Cost: O(keys Queries features).
///
/// @param keep        `transposed` still holds these queries: it is made only once where a head fits into it
/// @param transposed  (attention_features, Queries) overwritten
template <Index Queries, class Real, class Team>
KOKKOS_INLINE_FUNCTION void score_keys(const Team& team, Index keys, Index queries, Index features, Real factor,
                                       Strided<const Real> key, Strided<const Real> query, bool keep, Real* transposed,
                                       Real* scores) {
  for (Index d = 0; d < features; d += attention_features) {
    const Index some = features - d < attention_features ? features - d : attention_features;
    team.barrier();
    if (!keep || features > attention_features)
      transpose_rows<Queries>(team, queries, some, factor, query.from(0, d), transposed);
    team.barrier();
    multiply<Real>(team, keys, Queries, some, key.from(0, d), Strided<const Real>{transposed, Queries},
                   Strided<Real>{scores, Queries}, d == 0 ? Update::write : Update::add);
  }
  team.barrier();
}

/// Makes scores of keys that come after their query as small as can be: their weights are zero.
///
/// @param ahead  position of the first key less that of the first query
template <Index Queries, class Real, class Team>
KOKKOS_INLINE_FUNCTION void hide_later_keys(const Team& team, Index keys, Index ahead, Real* scores) {
  for (Index k = ahead < 0 ? -ahead : 0; k < keys; ++k)
    for (Index q = team.rank(); q < k + ahead && q < Queries; q += team.size()) scores[k * Queries + q] = Real(-3.0e38);
}

/// Scores to weights: e^(score - peak), where `peak` is the greatest score of a query so far and `total` the sum of its
/// weights so far; `correction` is what weights before these must be multiplied by. Ends with a barrier.
///
/// Cost: O(keys Queries).
#if defined(__CUDACC__)
#pragma nv_exec_check_disable  // the lanes of a host's team are host code; a device's team has lanes of its own
#endif
template <Index Queries, class Real, class Team>
KOKKOS_INLINE_FUNCTION void soften_scores(const Team& team, Index keys, bool first,
                                          AttentionTile<Real, Queries>& tile) {
  using Part = Lane<Real, Team>;
  for (Index q = team.rank(); q < Queries; q += lane_step<Real>(team)) {
    auto peak = Part::load((first ? tile.scores : tile.peak) + q);
    auto change = peak;
    for (Index k = 0; k < keys; ++k) peak.raise(Part::load(tile.scores + k * Queries + q));
    change.subtract(peak);
    change = exp_of_negative(change);
    auto total = Part::broadcast(0);
    if (!first) total.add_product(Part::load(tile.total + q), change);
    for (Index k = 0; k < keys; ++k) {
      auto weight = Part::load(tile.scores + k * Queries + q);
      weight.subtract(peak);
      weight = exp_of_negative(weight);
      weight.store(tile.scores + k * Queries + q);
      total.add(weight);
    }
    change.store(tile.correction + q);
    peak.store(tile.peak + q);
    total.store(tile.total + q);
  }
  team.barrier();
}

/// Drops weights and scales up the others, by draws that depend on the row of the query, the head and the key alone.
///
/// Cost: O(keys Queries), one Philox block for four keys of a query.
///
/// @param row    of the first query in the step matrix
/// @param k0     position of the first key, a multiple of 4
/// @param to     may be `from`
template <Index Queries, class Real, class Team>
KOKKOS_INLINE_FUNCTION void drop_weights(const Team& team, const AttentionShape<Real>& shape, Index keys, Index row,
                                         Index head, Index k0, const Real* from, Real* to) {
  const auto heads = static_cast<std::uint64_t>(shape.heads);
  const std::uint64_t place = static_cast<std::uint64_t>(row) * heads + static_cast<std::uint64_t>(head);
  for (Index k = 0; k < keys; k += 4) {
    const std::uint64_t first = (place << 29) + static_cast<std::uint64_t>(k0 + k) / 4;
    const Index some = keys - k < 4 ? keys - k : 4;
    if constexpr (Team::single) {
      std::uint32_t draws[4 * Queries];
      for (Index q = 0; q < Queries; ++q) {
        const FourWords words = shape.random.block(first + ((static_cast<std::uint64_t>(q) * heads) << 29));
        for (Index w = 0; w < 4; ++w) draws[w * Queries + q] = words.words[w];
      }
      const Real* some_from = from + k * Queries;
      Real* some_to = to + k * Queries;
      for (Index i = 0; i < some * Queries; ++i)
        some_to[i] = draws[i] < shape.first_kept ? Real(0) : shape.kept_scale * some_from[i];
    } else {
      for (Index q = team.rank(); q < Queries; q += team.size()) {
        const FourWords words = shape.random.block(first + ((static_cast<std::uint64_t>(q) * heads) << 29));
        for (Index w = 0; w < some; ++w) {
          const Index i = (k + w) * Queries + q;
          to[i] = words.words[w] < shape.first_kept ? Real(0) : shape.kept_scale * from[i];
        }
      }
    }
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
