// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include <longshore/core/index.hpp>
#include <longshore/core/math.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/linalg/lane.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Solves A x = b for a symmetric positive matrix by its Cholesky factor, on the calling thread or team, in place.
///
/// A matrix may be singular: a direction whose pivot is nothing but rounding, at most 4 D epsilon of its diagonal
/// element, gets the solution 0, so that a system that has solutions gets one of them.
///
/// Cost: O(D^3); scratch D numbers. On a host a register at a time.
/// Source: Golub and Van Loan, Matrix Computations, 4.2.
///
/// @param team    a `HostTeam`, or a device team whose lanes share the work
/// @param size    D
/// @param stride  numbers from a row of `a` to the next; on a host a multiple of `Simd<Real>::width` and at least D:
///                what lies behind the first D numbers of a row and of x are zeros
/// @param a       (D, stride) the upper triangle is read; overwritten
/// @param x       (stride) b; overwritten by x
/// @param diagonal  (D) scratch
/// @return        bᵀ x, to everybody
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION Real solve_positive(const Team& team, Index size, std::int64_t stride, Real* a, Real* x,
                                           Real* diagonal) {
  using Part = Lane<Real, Team>;
  const Real rounding = 4 * static_cast<Real>(size) * std::numeric_limits<Real>::epsilon();
  const auto step = lane_step<Real>(team);
  // Where the lanes of row k begin: at the register of its diagonal on a host, at their own number on a device.
  const auto start = [&](Index k) {
    if constexpr (Team::single)
      return k / Part::width * Part::width;
    else
      return k + team.rank();
  };
  const auto end = [&] {
    if constexpr (Team::single)
      return static_cast<Index>(stride);
    else
      return size;
  }();
  for (Index k = team.rank(); k < size; k += team.size()) diagonal[k] = a[k * stride + k];
  team.barrier();
  Real result = 0;
  // Rows above subtract themselves from the ones below; x goes along as one more column.
  for (Index k = 0; k < size; ++k) {
    Real* row = a + k * stride;
    const Real pivot = row[k];
    const Real before = x[k];
    const bool counts = pivot > rounding * diagonal[k];
    team.barrier();
    const Real inverse = counts ? Real(1) / math::sqrt(pivot) : Real(0);
    const Real z = before * inverse;
    result += z * z;
    const Part by = Part::broadcast(inverse);
    for (Index j = start(k); j < end; j += step) {
      Part part = Part::load(row + j);
      part.scale(by);
      part.store(row + j);
    }
    if (team.rank() == 0) x[k] = z;
    team.barrier();
    if (!counts) continue;
    for (Index i = k + 1; i < size; ++i) {
      const Part left = Part::broadcast(row[i] * Real(-1));
      Real* below = a + i * stride;
      for (Index j = start(i); j < end; j += step) {
        Part part = Part::load(below + j);
        part.add_product(left, Part::load(row + j));
        part.store(below + j);
      }
    }
    for (Index j = k + 1 + team.rank(); j < size; j += team.size()) x[j] -= z * row[j];
    team.barrier();
  }
  for (Index k = size - 1; k >= 0; --k) {
    const Real* row = a + k * stride;
    Real sum = 0;
    if constexpr (Team::single)
      sum = dot(row + k + 1, x + k + 1, size - k - 1);
    else
      for (Index j = k + 1 + team.rank(); j < size; j += team.size()) sum += row[j] * x[j];
    sum = team.sum(sum);
    if (team.rank() == 0) x[k] = row[k] > 0 ? (x[k] - sum) / row[k] : Real(0);
    team.barrier();
  }
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
