// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows and columns of the tiles that an inversion works on: fixed, so that results do not depend on the threads.
inline constexpr Index inverse_tile = 192;

/// One step of an inversion: the tile row and column `pivot` are eliminated.
template <class Real>
struct InverseStep {
  Index size, pivot;  // rows of the matrix; the tile
  Real* a;            // (size, size), lower triangle
  Real* inverse;      // (tile, tile) minus the inverse of the pivot's tile
  Real* left;         // (size, tile) the pivot's column times that
  Real* right;        // (tiles, tile, tile) the pivot's column, tile by tile, transposed

  KOKKOS_INLINE_FUNCTION static Index first(Index tile) { return tile * inverse_tile; }
  KOKKOS_INLINE_FUNCTION Index rows(Index tile) const {
    return size - first(tile) < inverse_tile ? size - first(tile) : inverse_tile;
  }
  KOKKOS_INLINE_FUNCTION Strided<Real> place(Index i, Index j) const {
    return Strided<Real>{a, size}.from(first(i), first(j));
  }
  /// The pivot's column in the rows of a tile, of which the upper part lies in the pivot's row.
  KOKKOS_INLINE_FUNCTION Strided<const Real> column(Index i) const {
    if (i > pivot) return {place(i, pivot).data, size, 1};
    return {place(pivot, i).data, 1, size};
  }
};

/// Inverts the pivot's tile by sweeping one row and column after another, and minds whether its pivots are positive.
template <class Real>
struct InvertPivot {
  static inline const std::string label = "longshore::invert_pivot";
  static constexpr int team_size = 128;
  InverseStep<Real> step;
  const Real* diagonal;  // (size) of the matrix that was given
  Real* row;             // (tile)
  Index* failed;         // (1) the first row whose pivot is not positive, to rounding

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index count = step.rows(step.pivot);
    const auto from = step.place(step.pivot, step.pivot);
    Real* a = step.inverse;
    for (Index e = team.rank(); e < count * count; e += team.size()) {
      const Index i = e / count, j = e % count;
      a[i * inverse_tile + j] = i > j ? from(i, j) : from(j, i);
    }
    team.barrier();
    for (Index p = 0; p < count; ++p) {
      const Real least = 64 * std::numeric_limits<Real>::epsilon() * diagonal[step.first(step.pivot) + p];
      Real pivot = a[p * inverse_tile + p];
      if (!(pivot > least)) {
        if (team.rank() == 0 && *failed < 0) *failed = step.first(step.pivot) + p;
        pivot = 1;
      }
      for (Index j = team.rank(); j < count; j += team.size()) row[j] = a[p * inverse_tile + j] / pivot;
      team.barrier();
      for (Index i = team.rank(); i < count; i += team.size()) {
        if (i == p) continue;
        const Real factor = a[i * inverse_tile + p];
        subtract(count, factor, a + i * inverse_tile);
        a[i * inverse_tile + p] = factor / pivot;
      }
      team.barrier();
      for (Index j = team.rank(); j < count; j += team.size())
        a[p * inverse_tile + j] = j == p ? -Real(1) / pivot : row[j];
      team.barrier();
    }
  }

 private:
  /// to -= factor times the row.
  KOKKOS_INLINE_FUNCTION void subtract(Index count, Real factor, Real* to) const {
    Index j = 0;
#if !LONGSHORE_ON_DEVICE
    const auto minus = Simd<Real>::broadcast(-factor);
    for (; j + Simd<Real>::width <= count; j += Simd<Real>::width) {
      auto sum = Simd<Real>::load(to + j);
      sum.add_product(minus, Simd<Real>::load(row + j));
      sum.store(to + j);
    }
#endif
    for (; j < count; ++j) to[j] -= factor * row[j];
  }
};

/// What the tiles need of the pivot's column: times the pivot's inverse, and transposed.
template <class Real>
struct InversePanels {
  static inline const std::string label = "longshore::inverse_panels";
  static constexpr int team_size = 128;
  InverseStep<Real> step;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index i = team.league(), rows = step.rows(i), count = step.rows(step.pivot);
    if (i == step.pivot) return;
    const auto column = step.column(i);
    multiply<Real>(team, rows, count, count, column, {step.inverse, inverse_tile},
                   {step.left + std::int64_t{step.first(i)} * inverse_tile, inverse_tile}, Update::write);
    Real* to = step.right + std::int64_t{i} * inverse_tile * inverse_tile;
    for (Index e = team.rank(); e < count * rows; e += team.size())
      to[e / rows * inverse_tile + e % rows] = column(e % rows, e / rows);
  }
};

/// Takes the pivot's share from every tile of the lower triangle.
template <class Real>
struct InverseTiles {
  static inline const std::string label = "longshore::inverse_tiles";
  static constexpr int team_size = 128;
  InverseStep<Real> step;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    Index i = 0, before = 0;  // tiles in the rows above
    while (before + i + 1 <= team.league()) before += ++i;
    const Index j = team.league() - before, rows = step.rows(i), columns = step.rows(j), pivot = step.pivot;
    const auto to = step.place(i, j);
    if (i != pivot && j != pivot) {
      multiply<Real>(team, rows, columns, step.rows(pivot),
                     {step.left + std::int64_t{step.first(i)} * inverse_tile, inverse_tile},
                     {step.right + std::int64_t{j} * inverse_tile * inverse_tile, inverse_tile}, to, Update::add);
      return;
    }
    for (Index e = team.rank(); e < rows * columns; e += team.size()) {
      const Index r = e / columns, c = e % columns;
      if (i == j)
        to(r, c) = step.inverse[r * inverse_tile + c];
      else if (j == pivot)
        to(r, c) = -step.left[std::int64_t{step.first(i) + r} * inverse_tile + c];
      else
        to(r, c) = -step.left[std::int64_t{step.first(j) + c} * inverse_tile + r];
    }
  }
};

/// Keeps the diagonal of a matrix.
template <class Real>
struct CopyDiagonal {
  static inline const std::string label = "longshore::copy_diagonal";
  const Real* a;
  Index size;
  Real* diagonal;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { diagonal[i] = a[i * size + i]; }
};

/// Numbers of scratch that `invert_positive_definite` needs.
inline std::size_t invert_positive_definite_workspace(Index size) {
  const auto tile = static_cast<std::size_t>(inverse_tile), rows = static_cast<std::size_t>(size);
  const std::size_t tiles = (rows + tile - 1) / tile;
  return rows + tile + tile * tile + rows * tile + tiles * tile * tile;
}

/// Puts minus the inverse of a symmetric positive definite matrix in its place, of which only the lower triangle is
/// looked at and written; what lies above the diagonal is undefined. Blocks.
///
/// Tile by tile, each pivot's tile is inverted and its share taken from the rest, so that the matrix is eliminated as
/// by Cholesky's method without roots and inverted in the same pass. The same bits at any number of threads.
///
/// Cost: size³ multiply-adds, half of what elimination without symmetry takes; scratch 2 · 192 numbers a row.
/// Source: Goodnight 1979 (the sweep operator), by tiles.
///
/// @param a          (size, size)
/// @param workspace  invert_positive_definite_workspace(size) numbers
/// @return           -1; or the first row that makes it singular to rounding, or not positive definite: then a is
///                   undefined
/// @throws ShapeError if a is not square
template <class Real, class Space>
Index invert_positive_definite(const Space& executor, View<Real, 2, Space> a, View<Real, 1, Space> workspace) {
  const Index size = a.extent(0), tiles = chunk_count(size, inverse_tile);
  expects(a.extent(1) == size, "invert_positive_definite: the matrix has ", size, " rows and ", a.extent(1),
          " columns");
  Real* diagonal = workspace.data();
  Real* row = diagonal + size;
  InverseStep<Real> step{size, 0, a.data(), row + inverse_tile, nullptr, nullptr};
  step.left = step.inverse + inverse_tile * inverse_tile;
  step.right = step.left + std::int64_t{size} * inverse_tile;
  Tensor<Index, 1, Space> failed(1);
  copy_from_host(std::vector<Index>{-1}, failed.view());
  for_each(executor, size, CopyDiagonal<Real>{a.data(), size, diagonal});
  for (; step.pivot < tiles; ++step.pivot) {
    for_each_team<Space>(executor, 1, InvertPivot<Real>{step, diagonal, row, failed.data()});
    for_each_team<Space>(executor, tiles, InversePanels<Real>{step});
    for_each_team<Space>(executor, std::int64_t{tiles} * (tiles + 1) / 2, InverseTiles<Real>{step});
  }
  executor.fence();
  return copy_to_host(failed.view())[0];
}

}  // namespace longshore::inline LONGSHORE_ABI
