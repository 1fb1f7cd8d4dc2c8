// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include <longshore/core/index.hpp>
#include <longshore/core/math.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

#if !LONGSHORE_ON_DEVICE
/// What `solve_positive` does, on the calling thread of a host, a register at a time.
///
/// Cost: O(D^3); scratch D numbers.
template <class Real>
Real solve_positive_on_host(Index size, std::int64_t stride, Real* a, Real* x, Real* diagonal) {
  using Vector = Simd<Real>;
  constexpr Index width = Vector::width;
  const Real rounding = 4 * static_cast<Real>(size) * std::numeric_limits<Real>::epsilon();
  const auto end = static_cast<Index>(stride);
  for (Index k = 0; k < size; ++k) diagonal[k] = a[k * stride + k];
  Real result = 0;
  // Rows above subtract themselves from the ones below; x goes along as one more column.
  for (Index k = 0; k < size; ++k) {
    Real* row = a + k * stride;
    const bool counts = row[k] > rounding * diagonal[k];
    const Real inverse = counts ? Real(1) / math::sqrt(row[k]) : Real(0);
    const Real z = x[k] * inverse;
    x[k] = z;
    result += z * z;
    const Index start = k / width * width;
    const Vector by = Vector::broadcast(inverse);
    for (Index j = start; j < end; j += width) (Vector::load(row + j) * by).store(row + j);
    if (!counts) continue;
    for (Index i = k + 1; i < size; ++i) {
      const Vector left = Vector::broadcast(-row[i]);
      Real* below = a + i * stride;
      for (Index j = i / width * width; j < end; j += width) {
        Vector part = Vector::load(below + j);
        part.add_product(left, Vector::load(row + j));
        part.store(below + j);
      }
    }
    for (Index j = k + 1; j < size; ++j) x[j] -= z * row[j];
  }
  for (Index k = size - 1; k >= 0; --k) {
    const Real* row = a + k * stride;
    const Real sum = dot(row + k + 1, x + k + 1, size - k - 1);
    x[k] = row[k] > 0 ? (x[k] - sum) / row[k] : Real(0);
  }
  return result;
}
#endif

/// Solves A x = b for a symmetric positive matrix by its Cholesky factor, on the calling thread or team, in place.
///
/// A matrix may be singular: a direction whose pivot is nothing but rounding, at most 4 D epsilon of its diagonal
/// element, gets the solution 0, so that a system that has solutions gets one of them.
///
/// Cost: O(D^3); scratch D numbers. On a host a register at a time.
/// Source: Golub and Van Loan, Matrix Computations, 4.2.
///
/// @param team      a `HostTeam`, or a device team whose lanes share the work
/// @param size      D
/// @param stride    numbers from a row of `a` to the next; on a host a multiple of `Simd<Real>::width` and at least D:
///                  what lies behind the first D numbers of a row and of x are zeros
/// @param a         (D, stride) the upper triangle is read; overwritten
/// @param x         (stride) b; overwritten by x
/// @param diagonal  (D) scratch
/// @return          bᵀ x, to everybody
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION Real solve_positive(const Team& team, Index size, std::int64_t stride, Real* a, Real* x,
                                           Real* diagonal) {
#if !LONGSHORE_ON_DEVICE
  if constexpr (Team::single) return solve_positive_on_host(size, stride, a, x, diagonal);
#endif
  const Real rounding = 4 * static_cast<Real>(size) * std::numeric_limits<Real>::epsilon();
  for (Index k = team.rank(); k < size; k += team.size()) diagonal[k] = a[k * stride + k];
  team.barrier();
  Real result = 0;
  for (Index k = 0; k < size; ++k) {
    Real* row = a + k * stride;
    const Real pivot = row[k], before = x[k];
    const bool counts = pivot > rounding * diagonal[k];
    team.barrier();
    const Real inverse = counts ? Real(1) / math::sqrt(pivot) : Real(0), z = before * inverse;
    result += z * z;
    for (Index j = k + team.rank(); j < size; j += team.size()) row[j] *= inverse;
    if (team.rank() == 0) x[k] = z;
    team.barrier();
    if (!counts) continue;
    for (Index i = k + 1; i < size; ++i)
      for (Index j = i + team.rank(); j < size; j += team.size()) a[i * stride + j] -= row[i] * row[j];
    for (Index j = k + 1 + team.rank(); j < size; j += team.size()) x[j] -= z * row[j];
    team.barrier();
  }
  for (Index k = size - 1; k >= 0; --k) {
    const Real* row = a + k * stride;
    Real sum = 0;
    for (Index j = k + 1 + team.rank(); j < size; j += team.size()) sum += row[j] * x[j];
    sum = team.sum(sum);
    if (team.rank() == 0) x[k] = row[k] > 0 ? (x[k] - sum) / row[k] : Real(0);
    team.barrier();
  }
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
