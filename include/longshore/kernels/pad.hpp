// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/team.hpp>
#include <longshore/linalg/multiply.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The least multiple of a narrow register's lanes that is not below size: rows of this length need no scalar tail.
template <class Real>
constexpr Index padded_size(Index size) {
  constexpr Index lanes = Simd<Real, (simd_bytes < 32 ? simd_bytes : 32)>::width;
  return (size + lanes - 1) / lanes * lanes;
}

/// The body of `pad`, which says what it computes.
template <class Real>
struct Pad {
  static inline const std::string label = "longshore::pad";
  static constexpr int team_size = 64;
  Index columns, padded;
  Strided<const Real> from;
  Real* to;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    Real* row = to + std::int64_t{team.league()} * padded;
    for (Index j = team.rank(); j < columns; j += team.size()) row[j] = from(team.league(), j);
    for (Index j = columns + team.rank(); j < padded; j += team.size()) row[j] = 0;
  }
};

/// Copies a matrix into rows of a greater length and fills them up with zeros. Does not wait.
///
/// Cost: O(rows padded), no scratch.
///
/// @param from    (rows, columns), any strides: a transposed matrix is copied upright
/// @param padded  length of the new rows, at least columns
/// @param to      (rows, padded) overwritten
template <class Real, class Space, class Executor>
void pad(const Executor& executor, Index rows, Index columns, Strided<const Real> from, Index padded, Real* to) {
  for_each_team<Space>(executor, rows, Pad<Real>{columns, padded, from, to});
}

}  // namespace longshore::inline LONGSHORE_ABI
