// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/value.hpp>
#include <longshore/kernels/packed_weights.hpp>

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
