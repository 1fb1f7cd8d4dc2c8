// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <longshore/core/buffer.hpp>
#include <longshore/core/executor.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/sparse_matrix.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How the rows of a matrix are shared out for `transposed`: neighbouring rows, as many entries in each part.
template <class Real, class Space>
struct SparseParts {
  SparseRows<Real, Space> rows;
  std::int64_t parts;
  std::int64_t* places;  // (parts, C) entries of a column in a part; later where the next of them goes

  /// The first row of a part.
  Index first(std::int64_t part) const {
    const std::int64_t* found = std::lower_bound(rows.offsets, rows.offsets + rows.row_count,
                                                 rows.entries / parts * part + rows.entries % parts * part / parts);
    return part == parts ? rows.row_count : static_cast<Index>(found - rows.offsets);
  }
  std::int64_t* places_of(std::int64_t part) const { return places + part * rows.column_count; }
};

/// The first pass of `transposed`: counts.
template <class Real, class Space>
struct CountSparseColumns {
  static inline const std::string label = "longshore::transposed";
  SparseParts<Real, Space> in;
  void operator()(std::int64_t part) const {
    std::int64_t* counts = in.places_of(part);
    std::fill_n(counts, in.rows.column_count, std::int64_t{0});
    const Index first = in.first(part), last = in.first(part + 1);
    if (first >= last) return;
    for (std::int64_t n = in.rows.begin(first); n < in.rows.end(last - 1); ++n) ++counts[in.rows.columns[n]];
  }
};

/// The second pass: counts become places.
template <class Real, class Space>
struct PlaceSparseColumns {
  static inline const std::string label = "longshore::transposed";
  SparseParts<Real, Space> in;
  std::int64_t* offsets;  // (C+1)
  void operator()(std::int64_t) const {
    std::int64_t next = 0;
    for (Index c = 0; c < in.rows.column_count; ++c) {
      offsets[c] = next;
      for (std::int64_t part = 0; part < in.parts; ++part) {
        std::int64_t& place = in.places_of(part)[c];
        const std::int64_t count = place;
        place = next;
        next += count;
      }
    }
    offsets[in.rows.column_count] = next;
  }
};

/// The third pass: every entry goes to its place.
template <class Real, class Space>
struct MoveSparseEntries {
  static inline const std::string label = "longshore::transposed";
  SparseParts<Real, Space> in;
  Id* columns;   // (N)
  Real* values;  // (N)
  void operator()(std::int64_t part) const {
    std::int64_t* places = in.places_of(part);
    for (Index r = in.first(part), last = in.first(part + 1); r < last; ++r)
      for (std::int64_t n = in.rows.begin(r); n < in.rows.end(r); ++n) {
        const std::int64_t to = places[in.rows.columns[n]]++;
        columns[to] = r;
        values[to] = in.rows.values[n];
      }
  }
};

/// The same matrix by columns (CSC): row c of the result holds the entries of column c. On a host. Blocks.
///
/// The same bits at any number of threads. Cost: O(N + R + C threads), threads share the entries; scratch 8 bytes a
/// column and thread, at most as much as the entries.
///
/// @param rows  (R, C)
/// @return      (C, R)
template <class Real, class Space, class Executor>
  requires is_host_space<Space>
SparseMatrix<Real, Space> transposed(const Executor& executor, const SparseRows<Real, Space>& rows) {
  SparseMatrix<Real, Space> result(rows.column_count, rows.row_count, rows.entries);
  std::int64_t parts = 1;
  if constexpr (!std::is_same_v<Executor, Inline>)
    parts = std::clamp<std::int64_t>(rows.entries / std::max(rows.column_count, 1), 1, executor.concurrency());
  const Buffer<typename Space::memory_space> places(static_cast<std::size_t>(parts * rows.column_count) *
                                                    sizeof(std::int64_t));
  const SparseParts<Real, Space> in{rows, parts, static_cast<std::int64_t*>(places.data())};
  for_each(executor, parts, CountSparseColumns<Real, Space>{in});
  for_each(executor, 1, PlaceSparseColumns<Real, Space>{in, result.offsets()});
  for_each(executor, parts, MoveSparseEntries<Real, Space>{in, result.columns(), result.values()});
  if constexpr (!std::is_same_v<Executor, Inline>) executor.fence();  // the scratch goes now
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
