// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/math.hpp>
#include <longshore/core/team.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What is known of a step before any parameter changes. Lies in device memory, so that nothing waits for it.
struct GradientStatus {
  double norm = 0;           // of all gradients together, before clipping
  double scale = 1;          // what updates multiply gradients by: below 1 if the norm was clipped
  std::int64_t steps = 0;    // steps that were taken
  std::int32_t bad = -1;     // whose gradient cannot be used; then updates change nothing, nor do those of later steps
  std::int32_t refused = 0;  // steps refused since then
  std::int32_t too_large = 0;  // whether it is finite, but so large that its square is not safe
};

/// Numbers of a gradient that one body looks at.
inline constexpr std::int64_t norm_chunk = 4096;

/// What one body found: a sum of squares, whose it is, and whether all numbers were finite.
struct ChunkNorm {
  double squares;
  std::int32_t owner;
  std::int32_t bad;
};

/// A gradient, and the place of its first chunk among those of all gradients.
template <class Real>
struct NormPiece {
  const Real* gradient;
  std::int64_t size;
  std::int64_t first_chunk;
  std::int32_t owner;  // which parameter
  KOKKOS_INLINE_FUNCTION std::int64_t chunks() const { return (size + norm_chunk - 1) / norm_chunk; }
};

/// The sum of squares of a run of numbers, in double, by the lanes of a team.
///
/// Cost: O(size), no scratch.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION double sum_of_squares(const Team& team, const Real* x, std::int64_t size) {
  double sum = 0;
  std::int64_t i = team.rank();
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single) {
    using Vector = Simd<double>;
    constexpr int width = Vector::width;
    auto even = Vector::broadcast(0), odd = even;
    for (; i + 2 * width <= size; i += 2 * width) {
      const auto first = Vector::load_converted(x + i), second = Vector::load_converted(x + i + width);
      even.add_product(first, first);
      odd.add_product(second, second);
    }
    sum = (even + odd).sum();
  }
#endif
  for (; i < size; i += team.size()) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return team.sum(sum);
}

/// The norm of a run of numbers, and whether one is not finite, by the lanes of a team.
///
/// Cost: O(size), twice only where a number is not finite or its square too large.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION ChunkNorm norm_of(const Team& team, const Real* x, std::int64_t size, std::int32_t owner) {
  const double squares = sum_of_squares(team, x, size);
  if (math::is_finite(squares)) return {squares, owner, 0};  // then all numbers are
  std::int32_t bad = 0;
  for (std::int64_t i = team.rank(); i < size; i += team.size()) bad |= math::is_finite(x[i]) ? 0 : 1;
  return {squares, owner, team.max(bad)};
}

/// Looks at one chunk of one gradient.
///
/// Cost: O(numbers) of all gradients; memory: one `ChunkNorm` for every `norm_chunk` of them.
template <class Real>
struct ChunkNorms {
  static inline const std::string label = "longshore::gradient_norm";
  static constexpr int team_size = 256;
  using Piece = NormPiece<Real>;
  ChunkNorm* norms;  // (chunks)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team, const Piece& piece, std::int64_t chunk) const {
    const std::int64_t first = chunk * norm_chunk;
    const std::int64_t size = piece.size - first < norm_chunk ? piece.size - first : norm_chunk;
    const ChunkNorm found = norm_of(team, piece.gradient + first, size, piece.owner);
    if (team.rank() == 0) norms[piece.first_chunk + chunk] = found;
  }
};

/// Adds up the chunks of all gradients, decides the scale, or refuses the step, and counts it. One team.
///
/// Cost: O(chunks) in one team, no scratch.
template <class Real>
struct JoinNorms {
  static inline const std::string label = "longshore::gradient_norm";
  static constexpr int team_size = 256;
  const ChunkNorm* norms;  // (chunks) those of one owner together
  Index chunks;
  const Real* loss;  // (1) or null; must be finite too
  std::int32_t loss_owner;
  double clip;           // largest norm; 0: no limit
  double largest;        // norm, after clipping, whose square is safe
  std::int64_t* counts;  // by owner: steps that reached it
  GradientStatus* status;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    if (status->bad >= 0) {
      team.barrier();
      if (team.rank() == 0) ++status->refused;
      return;
    }
    team.barrier();
    constexpr std::int32_t nobody = 0x7FFFFFFF;
    double sum = 0, most = 0;
    std::int32_t first_bad = nobody;
    for (Index i = team.rank(); i < chunks; i += team.size()) {
      sum += norms[i].squares;
      most = norms[i].squares > most ? norms[i].squares : most;
      if (norms[i].bad != 0 && norms[i].owner < first_bad) first_bad = norms[i].owner;
    }
    const double norm = math::sqrt(team.sum(sum));
    most = team.max(most);
    first_bad = -team.max(-first_bad);
    if (loss && !math::is_finite(loss[0])) first_bad = loss_owner;  // it explains what the gradients are
    const double scale = clip > 0 && norm + 1e-6 > clip ? clip / (norm + 1e-6) : 1;
    const bool large = first_bad == nobody && (!math::is_finite(norm) || norm * scale > largest);
    if (large) {
      for (Index i = team.rank(); i < chunks; i += team.size())
        if (norms[i].squares >= most && norms[i].owner < first_bad) first_bad = norms[i].owner;
      first_bad = -team.max(-first_bad);
    }
    const bool taken = first_bad == nobody;
    if (taken)
      for (Index i = team.rank(); i < chunks; i += team.size())
        if (i == 0 || norms[i - 1].owner != norms[i].owner) ++counts[norms[i].owner];
    if (team.rank() != 0) return;
    status->norm = norm;
    status->scale = scale;
    status->bad = taken ? -1 : first_bad;
    status->refused = taken ? 0 : 1;
    status->too_large = large ? 1 : 0;
    if (taken) ++status->steps;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
