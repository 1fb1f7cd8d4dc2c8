// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/sequences.hpp>
#include <longshore/core/team.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where positions are counted from. The last step of a sequence is position 0 of `end`.
enum class PositionsFrom { start, end };

/// The row that holds position p of sequence b.
template <class Space>
KOKKOS_INLINE_FUNCTION Index row_at_position(const Offsets<Space>& offsets, PositionsFrom from, Index b, Index p) {
  return from == PositionsFrom::start ? offsets.begin(b) + p : offsets.end(b) - 1 - p;
}

/// The body of `position_embedding_forward`, which says what it computes.
template <class Real, class Space>
struct AddPositions {
  static inline const std::string label = "longshore::position_embedding_forward";
  static constexpr int team_size = 64;
  Offsets<Space> offsets;
  PositionsFrom from;
  Index features;
  Real scale;
  const Real* x;
  const Real* table;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index b = team.league(), length = offsets.end(b) - offsets.begin(b);
    for (Index p = 0; p < length; ++p) {
      const std::int64_t row = std::int64_t{row_at_position(offsets, from, b, p)} * features;
      const Real* position = table + std::int64_t{p} * features;
      for (Index d = team.rank(); d < features; d += team.size()) y[row + d] = scale * x[row + d] + position[d];
    }
  }
};

/// y = scale x + P[position], step by step. Does not wait.
///
/// Source: Vaswani et al. 2017, section 3.5; learned: Kang and McAuley 2018.
/// Cost: O(N D), no scratch.
///
/// @param x        (N, D)
/// @param offsets  (B + 1), no sequence longer than the table
/// @param table    (P, D) one row a position
/// @param y        (N, D) overwritten; may be x
template <class Real, class Space, class Executor>
void position_embedding_forward(const Executor& executor, View<const Real, 2, Space> x, const Offsets<Space>& offsets,
                                View<const Real, 2, Space> table, PositionsFrom from, Real scale,
                                View<Real, 2, Space> y) {
  for_each_team<Space>(executor, offsets.count(),
                       AddPositions<Real, Space>{offsets, from, x.extent(1), scale, x.data(), table.data(), y.data()});
}

/// Elements of dx that one team takes.
inline constexpr Index position_embedding_chunk = 4096;

/// The body of `position_embedding_backward`, which says what it computes.
template <class Real>
struct ScaleGradient {
  static inline const std::string label = "longshore::position_embedding_backward";
  static constexpr int team_size = 128;
  std::int64_t size;
  Real scale;
  const Real* dy;
  Real* dx;
  bool adds;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * position_embedding_chunk;
    const auto count =
        static_cast<Index>(size - first < position_embedding_chunk ? size - first : position_embedding_chunk);
    const Real* from = dy + first;
    Real* to = dx + first;
    if (adds)
      for (Index j = team.rank(); j < count; j += team.size()) to[j] += scale * from[j];
    else
      for (Index j = team.rank(); j < count; j += team.size()) to[j] = scale * from[j];
  }
};

/// One position: the sum over the sequences that reach it, in their order.
template <class Real, class Space>
struct SumPositions {
  static inline const std::string label = "longshore::position_embedding_backward";
  static constexpr int team_size = 64;
  Offsets<Space> offsets;
  PositionsFrom from;
  Index features;
  const Real* dy;
  Real* dtable;
  bool adds;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index p = team.league();
    Real* to = dtable + std::int64_t{p} * features;
    if (!adds)
      for (Index d = team.rank(); d < features; d += team.size()) to[d] = 0;
    if (p >= offsets.longest) return;
    for (Index b = 0; b < offsets.count(); ++b) {
      if (p >= offsets.end(b) - offsets.begin(b)) continue;
      const Real* row = dy + std::int64_t{row_at_position(offsets, from, b, p)} * features;
      for (Index d = team.rank(); d < features; d += team.size()) to[d] += row[d];
    }
  }
};

/// Gradients of `position_embedding_forward`: dx (+)= scale dy, dP[p] (+)= the sum of dy over the steps at position p.
/// Does not wait.
///
/// Cost: O((N + P) D + B times the longest sequence), no scratch.
///
/// @param dy       (N, D)
/// @param offsets  (B + 1)
/// @param dx       (N, D), or empty
/// @param dtable   (P, D), or empty
template <class Real, class Space, class Executor>
void position_embedding_backward(const Executor& executor, View<const Real, 2, Space> dy, const Offsets<Space>& offsets,
                                 PositionsFrom from, Real scale, Target<Real, 2, Space> dx,
                                 Target<Real, 2, Space> dtable) {
  const auto size = static_cast<std::int64_t>(dy.size());
  if (dx)
    for_each_team<Space>(executor, (size + position_embedding_chunk - 1) / position_embedding_chunk,
                         ScaleGradient<Real>{size, scale, dy.data(), dx.view.data(), dx.adds()});
  if (dtable)
    for_each_team<Space>(
        executor, dtable.view.extent(0),
        SumPositions<Real, Space>{offsets, from, dy.extent(1), dy.data(), dtable.view.data(), dtable.adds()});
}

}  // namespace longshore::inline LONGSHORE_ABI
