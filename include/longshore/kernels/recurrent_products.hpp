// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Parameters of one layer in one direction; `gates` is 4 for an LSTM, 3 for a GRU.
template <class Real, class Space>
struct RecurrentWeights {
  View<const Real, 2, Space> input;        // (gates H, D)
  View<const Real, 2, Space> hidden;       // (gates H, H)
  View<const Real, 1, Space> bias_input;   // (gates H), or empty
  View<const Real, 1, Space> bias_hidden;  // (gates H), or empty
};

/// Where their gradients go; each may be empty.
template <class Real, class Space>
struct RecurrentWeightTargets {
  Target<Real, 2, Space> input, hidden;
  Target<Real, 1, Space> bias_input, bias_hidden;
};

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

/// Columns first to last of C (+)= A Wᵀ + bias, by a team, no barrier inside.
///
/// Cost: O(rows (last - first) inner), no scratch.
///
/// @param a     (rows, inner)
/// @param c     (rows, columns of W)
/// @param bias  (columns of W), or null
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void multiply_packed(const Team& team, Index rows, Index first, Index last,
                                            Strided<const Real> a, const PackedWeights<Real>& weights, Strided<Real> c,
                                            Update update, const Real* bias) {
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

/// Copies a run of numbers by the lanes of a team; no barrier inside.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void copy_run(const Team& team, Index count, const Real* from, Real* to) {
  for (Index j = team.rank(); j < count; j += team.size()) to[j] = from[j];
}

/// Asks a host for a run of numbers that will be read soon.
template <class Real>
KOKKOS_INLINE_FUNCTION void fetch_run([[maybe_unused]] Index count, [[maybe_unused]] const Real* from) {
#if defined(__GNUC__) && !defined(__CUDACC__) && !defined(__HIPCC__) && !defined(__SYCL_DEVICE_ONLY__)
  for (Index j = 0; j < count; j += 64 / static_cast<Index>(sizeof(Real))) __builtin_prefetch(from + j);
#endif
}

/// Writes zeros; no barrier inside.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void zero_run(const Team& team, std::int64_t count, Real* to) {
  for (std::int64_t j = team.rank(); j < count; j += team.size()) to[j] = 0;
}

/// Row b of a matrix of `width` columns into a run, or zeros if there is no matrix; no barrier inside.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void copy_row(const Team& team, const Real* matrix, Index b, Index width, Real* to) {
  if (matrix)
    copy_run(team, width, matrix + std::int64_t{b} * width, to);
  else
    zero_run(team, width, to);
}

/// Row b of a target (+)= a run of numbers; no barrier inside.
template <class Real, class Space, class Team>
KOKKOS_INLINE_FUNCTION void add_row(const Team& team, const Real* from, const Target<Real, 2, Space>& target, Index b) {
  if (!target) return;
  Real* const to = target.view.row(b);
  const Index width = target.view.extent(1);
  if (target.adds())
    for (Index j = team.rank(); j < width; j += team.size()) to[j] += from[j];
  else
    copy_run(team, width, from, to);
}

/// Sums over the steps of a walk back, of the rows that one team meets, and dx: the products that need no order of
/// steps. Each may be null: not wanted.
///
/// Cost: O(rows count D) for each product with x, O(rows count H) for each with states.
template <class Real>
struct RecurrentSums {
  Index features, hidden;
  const Real* weights;  // (gates H, D)
  Real* dx;             // (rows, D)
  Real* input;          // (gates H, D)
  Real* hidden_sums;    // (gates H, H)
  Update update;        // of the sums

  /// dx (+)= dgates W, and dW (+)= dgatesᵀ x, for `count` rows of W from `first` on.
  ///
  /// @param dgates  (rows, count)
  /// @param x       (rows, D)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_input(const Team& team, Index rows, Index first, Index count,
                                        Strided<const Real> dgates, const Real* x) const {
    const std::int64_t skipped = std::int64_t{first} * features;
    if (dx)
      multiply<Real>(team, rows, features, count, dgates, Strided<const Real>{weights + skipped, features},
                     Strided<Real>{dx, features}, first > 0 ? Update::add : Update::write);
    if (input)
      multiply<Real>(team, count, features, rows, Strided<const Real>{dgates.data, 1, dgates.row_stride},
                     Strided<const Real>{x, features}, Strided<Real>{input + skipped, features}, update);
  }

  /// dW' (+)= dgatesᵀ state, for `count` rows of W' from `first` on.
  ///
  /// @param dgates  (rows, count)
  /// @param states  (rows, H)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_hidden(const Team& team, Index rows, Index first, Index count,
                                         Strided<const Real> dgates, Strided<const Real> states) const {
    if (hidden_sums)
      multiply<Real>(team, count, hidden, rows, Strided<const Real>{dgates.data, 1, dgates.row_stride}, states,
                     Strided<Real>{hidden_sums + std::int64_t{first} * hidden, hidden}, update);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
