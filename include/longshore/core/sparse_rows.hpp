// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/index.hpp>
#include <longshore/core/kokkos.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A sparse matrix (R, C) by rows, in memory that something else owns: compressed sparse rows (CSR), which is what
/// kernels take.
///
/// The entries of row r are offsets[r] to offsets[r + 1] - 1; their columns ascend, none comes twice. Their number is
/// 64 bits wide. Kernels believe all of it; `check_sparse_rows` verifies it. Trivially copyable.
///
/// Cost: O(1).
template <class Real, class Space>
struct SparseRows {
  const std::int64_t* offsets = nullptr;  // (R+1) from 0; null for no rows
  const Id* columns = nullptr;            // (N) 0 <= column < C
  const Real* values = nullptr;           // (N)
  Index row_count = 0;                    // R
  Index column_count = 0;                 // C
  std::int64_t entries = 0;               // N, known on the host

  /// The first entry of row r.
  KOKKOS_INLINE_FUNCTION std::int64_t begin(Index r) const { return offsets[r]; }
  /// One behind the last entry of row r.
  KOKKOS_INLINE_FUNCTION std::int64_t end(Index r) const { return offsets[r + 1]; }
  /// How many entries row r has.
  KOKKOS_INLINE_FUNCTION std::int64_t length(Index r) const { return offsets[r + 1] - offsets[r]; }
};

}  // namespace longshore::inline LONGSHORE_ABI
