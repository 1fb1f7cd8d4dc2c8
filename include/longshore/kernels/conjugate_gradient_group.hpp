// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>

#include <longshore/core/math.hpp>
#include <longshore/core/team.hpp>
#include <longshore/kernels/pass_rows.hpp>
#include <longshore/kernels/row_schedule.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/linalg/multiply.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A residual whose square is below this is none: nothing is left to improve.
inline constexpr double least_square = 1e-20;
/// Nor in one that is shorter by this factor than the first one or than the right-hand side, which is rounding.
template <class Real>
inline constexpr Real least_part = 4 * std::numeric_limits<Real>::epsilon();

/// The square below which a residual is nothing but rounding. A start that is a solution already has such a residual,
/// and where the system is singular, steps along it may lead anywhere.
///
/// Cost: O(1).
///
/// @param square  of the first residual
/// @param target  b x, of the right-hand side b and the start x: with the square of x it says how large b is at least
template <class Real>
KOKKOS_INLINE_FUNCTION Real square_of_rounding(Real square, Real target, Real square_of_start) {
  const Real along = square_of_start > 0 ? target / math::sqrt(square_of_start) : Real(0);
  const Real largest = along * along > square ? along * along : square;
  const Real part = largest * least_part<Real> * least_part<Real>;
  return part > Real(least_square) ? part : Real(least_square);
}

/// Some rows of `RowSystems` on a host, step by step together: with a tile of the table, which stays in the cache, each
/// row passes over its entries there before the next tile is looked at.
///
/// Cost: of `solve` O(steps (n D + rows D^2)) for the n entries of its rows; no scratch but its own.
template <class Real, class Space, class Lanes>
struct ConjugateGradientGroup {
  const RowSystems<Real, Space>& systems;
  Lanes lanes;
  const Real* gramian;  // (D, spread D), or null
  Index steps;
  Real* scratch;  // (4, rows, spread D)

  /// What is known of a row beside its vectors.
  struct Row {
    Index row;
    std::int64_t at;                  // the entry that comes next
    Real ridge, square, enough, sum;  // enough: a square that is rounding
    double fit;
    bool moves;
  };

  /// @param ids    (count) rows of the systems, at most RowSchedule::room
  /// @param tile   table rows at a time; 0: all
  /// @param parts  what row g adds to the objective is added to parts[g each]
  void solve(const Index* ids, Index count, Index tile, ObjectiveParts* parts, Index each) const {
    Row rows[RowSchedule::room];
    const Index size = lanes.spread_size();
    const auto vector = [&](Index which, Index g) { return scratch + (std::int64_t{which} * count + g) * size; };
    enum : Index { solution, residual, direction, product };
    for (Index g = 0; g < count; ++g) {
      Row& row = rows[g];
      row = {ids[g], 0, systems.ridge_of(ids[g]), 0, 0, 0, 0, systems.rows.length(ids[g]) > 0};
      if (!row.moves) {
        std::fill_n(systems.solution(row.row), systems.features, Real(0));
        continue;
      }
      lanes.spread(systems.solution(row.row), vector(solution, g));
      multiply_matrix(row.ridge, vector(solution, g), vector(residual, g));
      for (Index k = 0; k < size; ++k) vector(residual, g)[k] = -vector(residual, g)[k];
    }
    const auto sweep = [&]<RowPass pass>(std::integral_constant<RowPass, pass>, Index by, Index onto) {
      for (Index g = 0; g < count; ++g) {
        rows[g].at = systems.rows.begin(rows[g].row);
        rows[g].sum = 0;
      }
      for (std::int64_t first = 0; first < systems.rows.column_count; first += tile) {
        for (Index g = 0; g < count; ++g)
          if (rows[g].moves) advance<pass>(rows[g], tile > 0 ? first + tile : -1, vector(by, g), vector(onto, g));
        if (tile == 0) break;
      }
    };
    sweep(std::integral_constant<RowPass, RowPass::residual>{}, solution, residual);
    for (Index g = 0; g < count; ++g) {
      Row& row = rows[g];
      if (!row.moves) continue;
      Real *x = vector(solution, g), *r = vector(residual, g);
      lanes.clear(r);
      row.fit = -static_cast<double>(row.sum) - static_cast<double>(dot(x, r, size)) + constants(row.row);
      row.square = dot(r, r, size);
      std::copy_n(r, size, vector(direction, g));
      row.enough = square_of_rounding(row.square, row.sum, dot(x, x, size));
      row.moves = row.square >= row.enough;
    }
    for (Index step = 0; step < steps; ++step) {
      const bool last = step + 1 == steps;
      for (Index g = 0; g < count; ++g)
        if (rows[g].moves) multiply_matrix(rows[g].ridge, vector(direction, g), vector(product, g));
      if (last)
        sweep(std::integral_constant<RowPass, RowPass::quadratic>{}, direction, product);
      else
        sweep(std::integral_constant<RowPass, RowPass::product>{}, direction, product);
      for (Index g = 0; g < count; ++g)
        if (rows[g].moves)
          move(rows[g], step, vector(solution, g), vector(residual, g), vector(direction, g), vector(product, g));
    }
    for (Index g = 0; g < count; ++g) {
      if (systems.rows.length(rows[g].row) == 0) continue;
      const Real* x = vector(solution, g);
      lanes.join(x, systems.solution(rows[g].row));
      parts[g * each].fit += rows[g].fit;
      parts[g * each].penalty += static_cast<double>(rows[g].ridge) * static_cast<double>(dot(x, x, size));
    }
  }

 private:
  // out = (G + ridge 1) p
  void multiply_matrix(Real ridge, const Real* p, Real* out) const {
    const Index size = lanes.spread_size(), whole = lanes.full() * Lanes::width;
    for (Index k = 0; k < size; ++k) out[k] = ridge * p[k];
    if (!gramian) return;
    multiply<Real>(HostTeam{0}, 1, size, whole, Strided<const Real>{p, size}, Strided<const Real>{gramian, size},
                   Strided<Real>{out, size}, Update::add);
    if (lanes.overlaps())
      multiply<Real>(
          HostTeam{0}, 1, size, systems.features - whole, Strided<const Real>{p + whole + lanes.repeated(), size},
          Strided<const Real>{gramian + std::int64_t{whole} * size, size}, Strided<Real>{out, size}, Update::add);
  }

  // Goes over the entries of a row whose columns are below `limit`; below 0: all.
  template <RowPass pass>
  void advance(Row& row, std::int64_t limit, const Real* p, Real* sum) const {
    const Id* columns = systems.rows.columns;
    const std::int64_t begin = row.at, end = systems.rows.end(row.row);
    if (limit < 0) {
      row.at = end;
    } else {
      std::int64_t step = 16, low = begin, high = begin;  // columns before low are below the limit
      for (; high < end && columns[high] < limit; high += step, step *= 2) low = high + 1;
      row.at = std::lower_bound(columns + low, columns + std::min(high, end), limit) - columns;
    }
    row.sum += pass_rows<pass>(lanes, systems.weights, systems.table, systems.features, columns + begin,
                               systems.rows.values + begin, row.at - begin, p, sum);
  }

  double constants(Index r) const {
    double sums[4] = {};  // which do not wait for each other
    std::int64_t e = systems.rows.begin(r);
    for (; e + 4 <= systems.rows.end(r); e += 4)
      for (int j = 0; j < 4; ++j) sums[j] += systems.weights.constant(systems.rows.values[e + j]);
    for (; e < systems.rows.end(r); ++e) sums[0] += systems.weights.constant(systems.rows.values[e]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }

  // One step along the direction p, and the next direction.
  void move(Row& row, Index step, Real* x, Real* r, Real* p, Real* product) const {
    const Index size = lanes.spread_size();
    lanes.clear(product);
    const Real curvature = dot(p, product, size) + row.sum;  // the sum is the scores' share in the last step, else 0
    row.moves = curvature > 0;
    if (!row.moves) return;
    const Real length = row.square / curvature;
    for (Index k = 0; k < size; ++k) x[k] += length * p[k];
    row.fit -= static_cast<double>(length) * static_cast<double>(row.square);
    if (step + 1 == steps) return;
    for (Index k = 0; k < size; ++k) r[k] -= length * product[k];
    const Real square = dot(r, r, size), keep = square / row.square;
    for (Index k = 0; k < size; ++k) p[k] = r[k] + keep * p[k];
    row.square = square;
    row.moves = square >= row.enough && step + 1 < systems.most_directions(row.row);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
