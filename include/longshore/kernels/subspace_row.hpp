// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <longshore/core/team.hpp>
#include <longshore/kernels/pass_rows.hpp>
#include <longshore/kernels/row_systems.hpp>
#include <longshore/linalg/multiply.hpp>
#include <longshore/linalg/solve_positive.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Solves a row of `RowSystems` block by block of its features, with a team's scratch. `subspace_rows` says more.
///
/// Cost: of `solve` O(n D (D / block + block) + D^2 + D block^2) for the n entries of a row; scratch as `scratch_size`.
template <class Real, class Space>
struct SubspaceRow {
  const RowSystems<Real, Space>& systems;
  Index block;  // 1 .. D
  bool from_zero;
  Real* scratch;

  static constexpr Index packed_rows = 32;                      // entries whose outer products are added at a time
  static constexpr Index tile_rows = simd_bytes == 64 ? 8 : 4;  // of the matrix, in registers
  static constexpr Index align = std::max(Index{simd_width<Real>}, tile_rows);

  static std::size_t round_up(Index size) { return static_cast<std::size_t>((size + align - 1) / align * align); }
  /// Numbers of scratch for a team.
  static std::size_t scratch_size(Index features, Index block, std::int64_t longest) {
    const std::size_t side = round_up(block), row = round_up(features) + static_cast<std::size_t>(align);
    return side * side + 2 * static_cast<std::size_t>(packed_rows) * side + 2 * side + 3 * row +
           static_cast<std::size_t>((longest + align - 1) / align * align);
  }

  /// @param parts  what the row adds to the objective is added to it, the same by every lane
  template <class Team>
  KOKKOS_INLINE_FUNCTION void solve(const Team& team, Index r, ObjectiveParts& parts) const {
    const Index features = systems.features;
    const std::int64_t length = systems.rows.length(r);
    Real* x = systems.solution(r);
    if (length == 0 || from_zero) {
      team.barrier();
      for (Index d = team.rank(); d < features; d += team.size()) x[d] = 0;
      team.barrier();
    }
    if (length == 0) return;
    const Index side = Team::single ? (block + align - 1) / align * align : block;
    const Index wide = (features + align - 1) / align * align + align;
    Real *matrix = scratch, *packed = matrix + std::int64_t{side} * side, *weighted = packed + packed_rows * side;
    Real *step = weighted + packed_rows * side, *diagonal = step + side, *shared = diagonal + side;  // shared: G x
    Real *spread = shared + wide, *scores = spread + 2 * wide;                                       // (n) y_e x
    const bool exact = from_zero && block == features;  // one block: no score is looked at again
    if (exact) scores = nullptr;
    const Real ridge = systems.ridge_of(r);
    double fit = 0;
    Real part = 0;
    for (std::int64_t e = systems.rows.begin(r) + team.rank(); e < systems.rows.end(r); e += team.size()) {
      if (!exact) scores[e - systems.rows.begin(r)] = 0;
      fit += systems.weights.constant(systems.rows.values[e]);
    }
    for (Index d = team.rank(); d < features; d += team.size()) shared[d] = 0;
    team.barrier();
    if (!from_zero) {
      add_scores(team, r, 0, features, x, spread, scores);
      add_shared(team, 0, features, x, shared);
      team.barrier();
      for (std::int64_t e = systems.rows.begin(r) + team.rank(); e < systems.rows.end(r); e += team.size()) {
        const Real value = systems.rows.values[e], score = scores[e - systems.rows.begin(r)];
        fit += static_cast<double>(score) *
               static_cast<double>(systems.weights.weight(value) * score - 2 * systems.weights.target(value));
      }
      for (Index d = team.rank(); d < features; d += team.size()) part += x[d] * (shared[d] + ridge * x[d]);
    }
    for (Index first = 0; first < features; first += block) {
      const Index size = features - first < block ? features - first : block;
      build(team, r, first, size, side, ridge, scores, shared, matrix, packed, weighted, step);
      team.barrier();
      part -= solve_positive<Real>(team, size, side, matrix, step, diagonal) / static_cast<Real>(team.size());
      team.barrier();
      for (Index d = team.rank(); d < size; d += team.size()) x[first + d] += step[d];
      team.barrier();
      if (first + size == features) break;
      add_scores(team, r, first, size, step, spread, scores);
      add_shared(team, first, size, step, shared);
      team.barrier();
    }
    Real square = 0;
    for (Index d = team.rank(); d < features; d += team.size()) square += x[d] * x[d];
    parts.fit += team.sum(fit) + static_cast<double>(team.sum(part));
    parts.penalty += static_cast<double>(ridge) * static_cast<double>(team.sum(square));
  }

 private:
  // shared += G[first .. first + size)ᵀ step
  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_shared(const Team& team, Index first, Index size, const Real* step,
                                         Real* shared) const {
    if (!systems.gramian) return;
    const Index features = systems.features;
    multiply<Real>(team, 1, features, size, Strided<const Real>{step, size},
                   Strided<const Real>{systems.gramian + std::int64_t{first} * features, features},
                   Strided<Real>{shared, features}, Update::add);
  }

  // scores += y[first .. first + size) step, for each entry
  template <class Team>
  KOKKOS_INLINE_FUNCTION void add_scores(const Team& team, Index r, Index first, Index size, const Real* step,
                                         [[maybe_unused]] Real* spread, Real* scores) const {
    const std::int64_t begin = systems.rows.begin(r), end = systems.rows.end(r);
    if constexpr (Team::single) {
#if !LONGSHORE_ON_DEVICE
      with_row_lanes<Real>(size, [&](const auto& lanes) {
        lanes.spread(step, spread);
        pass_rows<RowPass::scores>(lanes, systems.weights, systems.table + first, systems.features,
                                   systems.rows.columns + begin, systems.rows.values + begin, end - begin, spread,
                                   spread, scores);
      });
#endif
    } else {
      for (std::int64_t e = begin + team.rank(); e < end; e += team.size()) {
        const Real* y = systems.table_row(systems.rows.columns[e]) + first;
        Real score = 0;
        for (Index d = 0; d < size; ++d) score += y[d] * step[d];
        scores[e - begin] += score;
      }
    }
  }

  // The block's matrix and right side: what is left of the residual.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void build(const Team& team, Index r, Index first, Index size, Index side, Real ridge,
                                    const Real* scores /* null: zeros */, const Real* shared, Real* matrix,
                                    [[maybe_unused]] Real* packed, [[maybe_unused]] Real* weighted, Real* step) const {
    const Index features = systems.features;
    const Real *x = systems.solution(r) + first, *gramian = systems.gramian;
    if (gramian) gramian += std::int64_t{first} * features + first;
    for (std::int64_t i = 0; i < side; ++i)
      for (Index j = team.rank(); j < side; j += team.size()) {
        Real g = gramian && i < size && j < size ? gramian[i * features + j] : Real(0);
        if (i == j && i < size) g += ridge;
        matrix[i * side + j] = g;
      }
    for (Index d = team.rank(); d < side; d += team.size())
      step[d] = d < size ? -(shared[first + d] + ridge * x[d]) : Real(0);
    team.barrier();
    const std::int64_t begin = systems.rows.begin(r), end = systems.rows.end(r);
    if constexpr (Team::single) {
#if !LONGSHORE_ON_DEVICE
      for (std::int64_t e = begin; e < end; e += packed_rows) {
        const auto here = static_cast<Index>(std::min<std::int64_t>(packed_rows, end - e));
        for (Index k = 0; k < here; ++k)
          pack(e + k, scores ? scores[e + k - begin] : Real(0), first, size, side, k, packed, weighted, step);
        add_products(here, side, packed, weighted, matrix);
      }
#endif
    } else {
      for (std::int64_t i = team.rank(); i < std::int64_t{size} * size; i += team.size()) {
        const auto row = static_cast<Index>(i / size), column = static_cast<Index>(i % size);
        if (column < row) continue;
        Real sum = 0;
        for (std::int64_t e = begin; e < end; ++e) {
          const Real* y = systems.table_row(systems.rows.columns[e]) + first;
          sum += systems.weights.weight(systems.rows.values[e]) * y[row] * y[column];
        }
        matrix[std::int64_t{row} * side + column] += sum;
      }
      for (Index d = team.rank(); d < size; d += team.size()) {
        Real sum = 0;
        for (std::int64_t e = begin; e < end; ++e) {
          const Real value = systems.rows.values[e];
          sum +=
              (systems.weights.target(value) - systems.weights.weight(value) * (scores ? scores[e - begin] : Real(0))) *
              systems.table_row(systems.rows.columns[e])[first + d];
        }
        step[d] += sum;
      }
    }
  }

#if !LONGSHORE_ON_DEVICE
  // Copies an entry's row, once as it is and once times its weight, and adds it to the right side.
  void pack(std::int64_t e, Real score, Index first, Index size, Index side, Index k, Real* packed, Real* weighted,
            Real* step) const {
    using Vector = Simd<Real>;
    const Real* y = systems.table_row(systems.rows.columns[e]) + first;
    const Real value = systems.rows.values[e], weight = systems.weights.weight(value);
    const Vector by = Vector::broadcast(weight),
                 onto = Vector::broadcast(systems.weights.target(value) - weight * score);
    Real *to = packed + std::int64_t{k} * side, *times = weighted + std::int64_t{k} * side;
    const auto put = [&](const Vector& row, Index d) {
      row.store(to + d);
      (row * by).store(times + d);
      Vector sum = Vector::load(step + d);
      sum.add_product(row, onto);
      sum.store(step + d);
    };
    Index d = 0;
    for (; d + Vector::width <= size; d += Vector::width) put(Vector::load(y + d), d);
    for (; d < side; d += Vector::width) {
      Real rest[Vector::width] = {};
      for (Index j = d; j < size; ++j) rest[j - d] = y[j];
      put(Vector::load(rest), d);
    }
  }

  // matrix += weightedᵀ packed, in tiles at and right of the diagonal.
  static void add_products(Index count, Index side, const Real* packed, const Real* weighted, Real* matrix) {
    constexpr Index width = Simd<Real>::width;
    for (Index i = 0; i < side; i += tile_rows) {
      const Strided<const Real> left{weighted + i, 1, side};
      const Strided<const Real> right{packed, side};
      const Strided<Real> to{matrix + std::int64_t{i} * side, side};
      Index j = i / width * width;
      for (; j + 2 * width <= side; j += 2 * width)
        multiply_tile<Real, tile_rows, 2>(count, left, right.from(0, j), to.from(0, j), true, nullptr);
      if (j < side) multiply_tile<Real, tile_rows, 1>(count, left, right.from(0, j), to.from(0, j), true, nullptr);
    }
  }
#endif
};

}  // namespace longshore::inline LONGSHORE_ABI
