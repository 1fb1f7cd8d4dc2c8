// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/team.hpp>
#include <longshore/kernels/sum_gradient_rows.hpp>
#include <longshore/linalg/lane.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers of a parameter that one body updates.
inline constexpr std::int64_t update_chunk = 4096;

/// Applies a rule to a run of numbers by the lanes of a team, a register at a time on a host.
///
/// Cost: O(size), no scratch.
///
/// @param rule           `rule(w, g, m, v)` changes a weight and its moments by a gradient; numbers or registers
/// @param first, second  moments; null where the rule has none
template <class Real, class Step, class Team>
KOKKOS_INLINE_FUNCTION void update_run(const Team& team, const Step& rule, Real scale, std::int64_t size, Real* weights,
                                       const Real* gradient, Real* first, Real* second) {
  std::int64_t i = team.rank();
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single) {
    using Vector = Simd<Real>;
    for (; i + Vector::width <= size; i += Vector::width) {
      auto w = Vector::load(weights + i), m = Vector::broadcast(0), v = m;
      if (first) m = Vector::load(first + i);
      if (second) v = Vector::load(second + i);
      rule(w, scale * Vector::load(gradient + i), m, v);
      w.store(weights + i);
      if (first) m.store(first + i);
      if (second) v.store(second + i);
    }
  }
#endif
  for (; i < size; i += team.size()) {
    Real m = first ? first[i] : Real(0), v = second ? second[i] : Real(0);
    rule(weights[i], scale * gradient[i], m, v);
    if (first) first[i] = m;
    if (second) second[i] = v;
  }
}

/// A parameter with a gradient for all of it.
template <class Real, class Step>
struct UpdatePiece {
  Step step;
  std::int64_t size;
  Real* weights;
  const Real* gradient;
  Real* first;  // moments, or null
  Real* second;
  KOKKOS_INLINE_FUNCTION std::int64_t chunks() const { return (size + update_chunk - 1) / update_chunk; }
};

/// Applies a rule to a chunk of a parameter. Nothing happens if the step was refused.
///
/// Cost: O(numbers) of the parameter.
template <class Real, class Step>
struct UpdateDense {
  static inline const std::string label = "longshore::update_dense";
  static constexpr int team_size = 256;
  using Piece = UpdatePiece<Real, Step>;
  const GradientStatus* status;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team, const Piece& piece, std::int64_t chunk) const {
    if (status->bad >= 0) return;
    const std::int64_t from = chunk * update_chunk;
    const std::int64_t size = piece.size - from < update_chunk ? piece.size - from : update_chunk;
    const Step rule = piece.step;  // a copy that the loop's stores cannot change
    update_run(team, rule, static_cast<Real>(status->scale), size, piece.weights + from, piece.gradient + from,
               piece.first ? piece.first + from : nullptr, piece.second ? piece.second + from : nullptr);
  }
};

/// Applies a rule to the rows that a step touched: the summed gradients of `row_chunk` places in the order of their
/// ids.
///
/// Cost: O(n D), whatever I.
template <class Real, class Step>
struct UpdateRows {
  static inline const std::string label = "longshore::update_rows";
  static constexpr int team_size = 64;
  Step step;
  Index count, features;
  const Id* sorted;  // (n)
  const Real* sums;  // (n, D) at the first place of each id
  Real* weights;     // (I, D)
  Real* first;       // moments, or null
  Real* second;
  const GradientStatus* status;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    if (status->bad >= 0) return;
    const Step rule = step;
    const auto scale = static_cast<Real>(status->scale);
    const Index from = team.league() * row_chunk, to = count - from < row_chunk ? count : from + row_chunk;
    for (Index place = from; place < to; ++place) {
      if (place > 0 && sorted[place - 1] == sorted[place]) continue;
      const std::int64_t row = std::int64_t{sorted[place]} * features;
      update_run(team, rule, scale, features, weights + row, sums + std::int64_t{place} * features,
                 first ? first + row : nullptr, second ? second + row : nullptr);
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
