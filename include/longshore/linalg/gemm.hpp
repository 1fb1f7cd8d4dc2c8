// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/linalg/multiply.hpp>
#include <longshore/linalg/transpose_block.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows and columns of C that one team computes: fixed, so that results do not depend on the number of threads.
inline constexpr Index gemm_tile_rows = 96;
/// Columns of C that one team computes.
inline constexpr Index gemm_tile_columns = 512;
/// Rows that one team sums over in `gemm_tn`, where the sum is long and the result small.
inline constexpr Index gemm_chunk = 1024;

/// The body of `gemm_tiles`, which says what it computes.
template <class Real>
struct GemmTiles {
  static inline const std::string label = "longshore::gemm";
  static constexpr int team_size = 128;
  Index rows, columns, inner, chunk;  // chunk: rows of the sum that one team takes; inner if it is not cut
  Index row_tiles, column_tiles;
  Strided<const Real> a, b;
  Strided<Real> c;
  std::int64_t chunk_stride;  // between the partial results of two chunks
  Update update;
  const Real* bias;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index tiles = row_tiles * column_tiles;
    const Index part = team.league() / tiles, tile = team.league() % tiles;
    const Index i = tile / column_tiles * gemm_tile_rows, j = tile % column_tiles * gemm_tile_columns;
    const Index k = part * chunk;
    const Index height = rows - i < gemm_tile_rows ? rows - i : gemm_tile_rows;
    const Index width = columns - j < gemm_tile_columns ? columns - j : gemm_tile_columns;
    const Index depth = inner - k < chunk ? inner - k : chunk;
    Strided<Real> target = c.from(i, j);
    target.data += part * chunk_stride;
    multiply<Real>(team, height, width, depth, a.from(i, k), b.from(k, j), target, update, bias ? bias + j : bias);
  }
};

/// Sums the partial results of chunks in their order.
template <class Real>
struct SumChunks {
  static inline const std::string label = "longshore::sum_chunks";
  const Real* parts;  // (chunks, size)
  Index chunks;
  std::int64_t size;
  Real* result;
  Update update;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    Real sum = update == Update::add ? result[i] : Real(0);
    for (Index p = 0; p < chunks; ++p) sum += parts[p * size + i];
    result[i] = sum;
  }
};

/// The body of `transpose`, which says what it computes.
template <class Real>
struct Transpose {
  static inline const std::string label = "longshore::transpose";
  static constexpr int team_size = 128;
  Strided<const Real> from;
  Index rows, columns;
  Real* to;  // (columns, rows)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * 16, last = first + 16 < columns ? first + 16 : columns;
#if !LONGSHORE_ON_DEVICE
    if constexpr (Team::single)
      if (from.column_stride == 1)
        return transpose_block(rows, last - first, from.data + first, from.row_stride, to + std::int64_t{first} * rows,
                               rows);
#endif
    for (Index i = team.rank(); i < rows; i += team.size())
      for (Index j = first; j < last; ++j) to[std::int64_t{j} * rows + i] = from(i, j);
  }
};

/// Writes the transpose of a matrix (rows, columns): to is (columns, rows). Does not wait.
///
/// Cost: O(rows columns), no scratch.
template <class Real, class Space, class Executor>
void transpose(const Executor& executor, Index rows, Index columns, Strided<const Real> from, Real* to) {
  for_each_team<Space>(executor, chunk_count(columns, 16), Transpose<Real>{from, rows, columns, to});
}

/// What the products below have in common: tiles of C, and parts of the sum over inner if it is cut. Does not wait.
///
/// Cost: O(rows columns inner), no scratch.
///
/// @param chunk         of inner that one team sums; 0: all of it
/// @param chunk_stride  from the C of one chunk to the C of the next
template <class Real, class Space, class Executor>
void gemm_tiles(const Executor& executor, Index rows, Index columns, Index inner, Strided<const Real> a,
                Strided<const Real> b, Strided<Real> c, Update update, const Real* bias, Index chunk,
                std::int64_t chunk_stride) {
  const Index row_tiles = chunk_count(rows, gemm_tile_rows);
  const Index column_tiles = chunk_count(columns, gemm_tile_columns);
  const Index parts = chunk > 0 ? chunk_count(inner, chunk) : 1;
  for_each_team<Space>(executor, std::int64_t{row_tiles} * column_tiles * parts,
                       GemmTiles<Real>{rows, columns, inner, chunk > 0 ? chunk : inner, row_tiles, column_tiles, a, b,
                                       c, chunk_stride, update, bias});
}

/// C (+)= A B + bias. Does not wait.
///
/// Cost: O(rows columns inner), no scratch.
///
/// @param a     (rows, inner)
/// @param b     (inner, columns), column_stride 1
/// @param c     (rows, columns), column_stride 1; overwritten or added to
/// @param bias  (columns) or null
template <class Real, class Space, class Executor>
void gemm_nn(const Executor& executor, Index rows, Index columns, Index inner, Strided<const Real> a,
             Strided<const Real> b, Strided<Real> c, Update update, const Real* bias = nullptr) {
  gemm_tiles<Real, Space>(executor, rows, columns, inner, a, b, c, update, bias, 0, 0);
}

/// Numbers of scratch that `gemm_nt` needs.
inline std::size_t gemm_nt_workspace(Index columns, Index inner) {
  return static_cast<std::size_t>(columns) * static_cast<std::size_t>(inner);
}

/// C (+)= A Bᵀ + bias: the product of rows with the rows of weights (out, in). Does not wait.
///
/// Cost: O(rows columns inner); scratch columns inner numbers: B, transposed.
///
/// @param a          (rows, inner)
/// @param b          (columns, inner), column_stride 1
/// @param c          (rows, columns), column_stride 1; overwritten or added to
/// @param bias       (columns) or null
/// @param workspace  gemm_nt_workspace(columns, inner) numbers
template <class Real, class Space, class Executor>
void gemm_nt(const Executor& executor, Index rows, Index columns, Index inner, Strided<const Real> a,
             Strided<const Real> b, Strided<Real> c, Update update, const Real* bias, Real* workspace) {
  if (rows == 0) return;
  transpose<Real, Space>(executor, columns, inner, b, workspace);
  gemm_tiles<Real, Space>(executor, rows, columns, inner, a, Strided<const Real>{workspace, columns}, c, update, bias,
                          0, 0);
}

/// Numbers of scratch that `gemm_tn` needs.
inline std::size_t gemm_tn_workspace(Index rows, Index columns, Index inner) {
  if (inner <= gemm_chunk) return 0;
  const auto chunks = static_cast<std::size_t>(chunk_count(inner, gemm_chunk));
  return chunks * static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

/// C (+)= Aᵀ B: sums outer products over many rows, as gradients of weights do. Does not wait.
///
/// Long sums are cut into chunks of `gemm_chunk` rows, whose results are added in order: the same bits at any thread
/// count.
///
/// Cost: O(rows columns inner); scratch rows columns numbers for every 1,024 of inner, none up to 1,024.
///
/// @param a          (inner, rows)
/// @param b          (inner, columns), column_stride 1
/// @param c          (rows, columns) contiguous; overwritten or added to
/// @param workspace  gemm_tn_workspace(rows, columns, inner) numbers
template <class Real, class Space, class Executor>
void gemm_tn(const Executor& executor, Index rows, Index columns, Index inner, Strided<const Real> a,
             Strided<const Real> b, Real* c, Update update, Real* workspace) {
  const Strided<const Real> transposed{a.data, a.column_stride, a.row_stride};
  if (inner <= gemm_chunk) {
    gemm_tiles<Real, Space>(executor, rows, columns, inner, transposed, b, Strided<Real>{c, columns}, update, nullptr,
                            0, 0);
    return;
  }
  const std::int64_t size = std::int64_t{rows} * columns;
  gemm_tiles<Real, Space>(executor, rows, columns, inner, transposed, b, Strided<Real>{workspace, columns},
                          Update::write, nullptr, gemm_chunk, size);
  for_each(executor, size, SumChunks<Real>{workspace, chunk_count(inner, gemm_chunk), size, c, update});
}

}  // namespace longshore::inline LONGSHORE_ABI
