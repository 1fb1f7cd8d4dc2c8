// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Hands out pieces of a workspace that begin on cache lines.
template <class Real>
struct Workspace {
  Real* next;

  /// Numbers of a piece (rows, columns), with what fills its last cache line.
  KOKKOS_INLINE_FUNCTION static std::size_t size(std::int64_t rows, std::int64_t columns) {
    return (static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) + 15) / 16 * 16;
  }
  /// The next piece (rows, columns); not initialised.
  KOKKOS_INLINE_FUNCTION Real* take(std::int64_t rows, std::int64_t columns) {
    Real* const piece = next;
    next += size(rows, columns);
    return piece;
  }
};

/// Columns of a panel of packed weights: what one pass over a few rows of states multiplies.
inline constexpr Index panel_columns = 64;

/// The body of `pack`, which says what it computes.
template <class Real>
struct PackPanels {
  static inline const std::string label = "longshore::pack_panels";
  static constexpr int team_size = 128;
  const Real* weights;  // (columns, inner)
  Index columns, inner;
  Real* panels;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * panel_columns;
    const Index width = columns - first < panel_columns ? columns - first : panel_columns;
    const Real* const from = weights + std::int64_t{first} * inner;
    Real* const to = panels + std::int64_t{first} * inner;
#if !LONGSHORE_ON_DEVICE
    if constexpr (Team::single) return transpose_block(width, inner, from, inner, to, width);
#endif
    for (Index k = team.rank(); k < inner; k += team.size())
      for (Index j = 0; j < width; ++j) to[std::int64_t{k} * width + j] = from[std::int64_t{j} * inner + k];
  }
};

/// Packs weights (columns, inner) for `multiply_packed` into a piece of a workspace: 64 rows at a time, transposed. So
/// a walk that multiplies by them at every step reads them in one stream. Does not wait.
///
/// Cost: O(columns inner), as many numbers of the workspace.
template <class Real, class Space, class Executor>
const Real* pack(const Executor& executor, View<const Real, 2, Space> weights, Workspace<Real>& pieces) {
  const Index columns = weights.extent(0), inner = weights.extent(1);
  Real* const to = pieces.take(columns, inner);
  for_each_team<Space>(executor, chunk_count(columns, panel_columns),
                       PackPanels<Real>{weights.data(), columns, inner, to});
  return to;
}

/// Weights W (columns, inner) as `pack` left them.
template <class Real>
struct PackedWeights {
  const Real* panels;
  Index columns, inner;
};

/// One row of C (+)= A Wᵀ + bias, for the columns of some whole panels: so many sums that none waits for another one.
/// Each in the order of `multiply`.
///
/// Cost: O(panels inner).
///
/// @param panel  (panels, inner, panel_columns)
template <int panels, class Real>
[[gnu::flatten]] inline void multiply_panels(Index inner, const Real* a, const Real* panel, Real* c, bool adds,
                                             const Real* bias) {
  using Vector = Simd<Real>;
  constexpr int registers = panel_columns / Vector::width;
  Vector sums[panels * registers];
  unroll<panels * registers>(
      [&](auto v) { sums[v] = bias ? Vector::load(bias + v * Vector::width) : Vector::broadcast(0); });
  const std::int64_t size = std::int64_t{inner} * panel_columns;
  for (Index k = 0; k < inner; ++k, panel += panel_columns) {
    const Vector left = Vector::broadcast(a[k]);
    unroll<panels>([&](auto p) {
      unroll<registers>([&](auto v) {
        sums[p * registers + v].add_product(left, Vector::load(panel + p * size + v * Vector::width));
      });
    });
  }
  unroll<panels * registers>([&](auto v) {
    Real* const to = c + v * Vector::width;
    if (adds) sums[v].add(Vector::load(to));
    sums[v].store(to);
  });
}

/// One row of C (+)= A Wᵀ + bias, on a host: what is left of `multiply_packed` where one sequence is alone.
///
/// Cost: O(columns inner), no scratch.
///
/// @param backwards  from the last panels on: in turns, so that what a cache still has of the call before comes first
template <class Real>
inline void multiply_packed_row(const Real* a, const PackedWeights<Real>& weights, Real* c, bool adds, const Real* bias,
                                bool backwards) {
  constexpr int registers = panel_columns / Simd<Real>::width, panels = registers <= 4 ? 2 : 1;
  constexpr Index width = panels * registers <= simd_accumulators ? panels * panel_columns : panel_columns;
  const Index blocks = (weights.columns + width - 1) / width;
  for (Index block = 0; block < blocks; ++block) {
    const Index first = width * (backwards ? blocks - 1 - block : block);
    const Index last = weights.columns - first < width ? weights.columns : first + width;
    const auto shift = [&](Index j) { return bias ? bias + j : bias; };
    const Real* const from = weights.panels + std::int64_t{first} * weights.inner;
    if constexpr (panels * registers <= simd_accumulators)
      if (last - first == width) {
        multiply_panels<panels>(weights.inner, a, from, c + first, adds, shift(first));
        continue;
      }
    for (Index j = first; j < last; j += panel_columns) {
      const Index side = last - j < panel_columns ? last - j : panel_columns;
      multiply_rows<Real, 1>(side, weights.inner, Strided<const Real>{a},
                             Strided<const Real>{weights.panels + std::int64_t{j} * weights.inner, side},
                             Strided<Real>{c + j}, adds, shift(j));
    }
  }
}

/// Columns first to last of C (+)= A Wᵀ + bias, by a team, no barrier inside.
///
/// Cost: O(rows (last - first) inner), no scratch.
///
/// @param a     (rows, inner)
/// @param c     (rows, columns of W)
/// @param bias  (columns of W), or null
/// @param turn  of calls with the same weights, one after the other: changes no bit
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void multiply_packed(const Team& team, Index rows, Index first, Index last,
                                            Strided<const Real> a, const PackedWeights<Real>& weights, Strided<Real> c,
                                            Update update, const Real* bias, [[maybe_unused]] Index turn = 0) {
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single)
    if (rows == 1 && first == 0 && last == weights.columns)
      return multiply_packed_row(a.data, weights, c.data, update == Update::add, bias, turn % 2 == 1);
#endif
  for (Index j = first; j < last;) {
    const Index start = j / panel_columns * panel_columns;  // of the panel
    const Index left = weights.columns - start, width = left < panel_columns ? left : panel_columns;
    const Index end = start + width < last ? start + width : last;
    const Real* const panel = weights.panels + std::int64_t{start} * weights.inner;
    multiply<Real>(team, rows, end - j, weights.inner, a, Strided<const Real>{panel + (j - start), width}, c.from(0, j),
                   update, bias ? bias + j : bias);
    j = end;
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
