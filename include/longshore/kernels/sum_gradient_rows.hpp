// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/gradient_norm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Gradient rows, in the order of their ids, that one body sums. A popular item's rows fill many chunks.
inline constexpr Index row_chunk = 32;

/// Number of chunks of so many gradient rows.
inline Index row_chunks(Index count) { return chunk_count(count, row_chunk); }

/// Notes the ids of one use and where its gradient rows lie, behind those of earlier uses.
template <class Real>
struct ListGradientRows {
  static inline const std::string label = "longshore::list_gradient_rows";
  const Id* ids;
  const Real* rows;
  Index features, first;
  Id* all_ids;            // (n) of all uses
  const Real** all_rows;  // (n)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    all_ids[first + i] = ids[i];
    all_rows[first + i] = rows + i * features;
  }
};

/// Gradient rows by id, and their sums: what the bodies below share.
template <class Real>
struct GradientRows {
  Index count, features;
  const Id* sorted;         // (n)
  const Index* order;       // (n) place before sorting
  const Real* const* rows;  // (n) before sorting
  Real* sums;  // (n, D) the sum of each id lies at the first of its places; the others are left as they are

  KOKKOS_INLINE_FUNCTION Index begin(Index chunk) const { return chunk * row_chunk; }
  KOKKOS_INLINE_FUNCTION Index end(Index chunk) const {
    return count - begin(chunk) < row_chunk ? count : begin(chunk) + row_chunk;
  }
  KOKKOS_INLINE_FUNCTION bool starts(Index place) const { return place == 0 || sorted[place - 1] != sorted[place]; }
  KOKKOS_INLINE_FUNCTION Real* sum(Index place) const { return sums + std::int64_t{place} * features; }
};

/// Sums the rows of each id within a chunk, at the first of its places there.
template <class Real>
struct SumRowsOfChunk {
  static inline const std::string label = "longshore::sum_gradient_rows";
  static constexpr int team_size = 64;
  GradientRows<Real> all;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index begin = all.begin(team.league()), end = all.end(team.league());
    Real* sum = nullptr;
    for (Index place = begin; place < end; ++place) {
      const Real* row = all.rows[all.order[place]];
      const bool adds = place > begin && !all.starts(place);
      if (!adds) sum = all.sum(place);
      for (Index d = team.rank(); d < all.features; d += team.size()) sum[d] = adds ? sum[d] + row[d] : row[d];
    }
  }
};

/// Adds to the sum of the last id of a chunk, if it begins there, what later chunks have of it, in their order. Then
/// all sums that begin in the chunk are whole: it looks at them for the norm.
template <class Real>
struct JoinRowsOfChunks {
  static inline const std::string label = "longshore::sum_gradient_rows";
  static constexpr int team_size = 64;
  GradientRows<Real> all;
  std::int32_t owner;
  ChunkNorm* norms;  // (row_chunks(n)) or null
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index chunk = team.league(), begin = all.begin(chunk), end = all.end(chunk);
    Index last = end - 1;
    while (last > begin && !all.starts(last)) --last;
    if (all.starts(last))
      for (Index next = end; next < all.count && all.sorted[next] == all.sorted[last]; next += row_chunk)
        for (Index d = team.rank(); d < all.features; d += team.size()) all.sum(last)[d] += all.sum(next)[d];
    if (!norms) return;
    team.barrier();
    ChunkNorm found{0, owner, 0};
    for (Index place = begin; place < end; ++place) {
      if (!all.starts(place)) continue;
      const ChunkNorm row = norm_of(team, all.sum(place), all.features, owner);
      found.squares += row.squares;
      found.bad |= row.bad;
    }
    if (team.rank() == 0) norms[chunk] = found;
  }
};

/// Adds the sums of a chunk to a dense gradient.
template <class Real>
struct AddSummedRows {
  static inline const std::string label = "longshore::add_summed_rows";
  static constexpr int team_size = 64;
  GradientRows<Real> all;
  Real* dense;  // (I, D)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index end = all.end(team.league());
    for (Index place = all.begin(team.league()); place < end; ++place) {
      if (!all.starts(place)) continue;
      Real* to = dense + std::int64_t{all.sorted[place]} * all.features;
      for (Index d = team.rank(); d < all.features; d += team.size()) to[d] += all.sum(place)[d];
    }
  }
};

/// Sums the gradient rows of each id, without atomics and in a fixed order, in chunks of `row_chunk`. Does not wait.
///
/// Cost: O(n D); memory (n, D) sums.
///
/// @param all    ids in order, and where their rows are; `sums` is overwritten
/// @param owner  for the norm
/// @param norms  (row_chunks(n)) overwritten with the norms of the sums; null: nobody asks
template <class Real, class Space, class Executor>
void sum_gradient_rows(const Executor& executor, const GradientRows<Real>& all, std::int32_t owner, ChunkNorm* norms) {
  for_each_team<Space>(executor, row_chunks(all.count), SumRowsOfChunk<Real>{all});
  for_each_team<Space>(executor, row_chunks(all.count), JoinRowsOfChunks<Real>{all, owner, norms});
}

}  // namespace longshore::inline LONGSHORE_ABI
