// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/kernels/row_systems.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How the rows of `RowSystems` are shared out: in pieces of some rows each, which a worker takes when it is free. Rows
/// with so many entries that the table's rows fall out of the cache between two passes are worked on in groups, a tile
/// of the table at a time. All sizes that results depend on depend on those of the matrix only.
struct RowSchedule {
  Index rows = 0, columns = 0;  // R, C
  Index rows_each = 32;         // of a piece
  Index most_group = 1;         // long rows that are worked on together
  Index tile = 0;               // table rows that long rows look at, at a time; 0: there are no long rows
  std::int64_t long_from = std::numeric_limits<std::int64_t>::max();  // entries that make a row a long one
  Index most_long = 0;                                                // there can be no more

  // Given by whoever calls.
  std::int64_t* taken = nullptr;    // (1) pieces that are begun
  Index* long_count = nullptr;      // (1)
  Index* long_rows = nullptr;       // (most_long)
  ObjectiveParts* parts = nullptr;  // (part_count) one for each long row, then one for each piece of others

  static constexpr Index room = 256;  // for the rows of a group

  KOKKOS_INLINE_FUNCTION Index pieces() const { return chunk_count(rows, rows_each); }
  KOKKOS_INLINE_FUNCTION Index part_count() const { return most_long + pieces(); }
  /// Long rows of a group, so many that each worker gets some groups: a larger one reads the table less often.
  Index group(Index workers) const {
    return std::clamp(*long_count / (4 * workers), std::min(Index{16}, most_group), most_group);
  }
};

/// The sizes of a schedule, without its arrays.
///
/// @param entries  of the matrix (R, C)
template <class Real, class Space>
RowSchedule row_schedule(Index rows, Index columns, std::int64_t entries, Index features) {
  RowSchedule schedule;
  schedule.rows = rows;
  schedule.columns = columns;
  if constexpr (!is_host_space<Space>) {
    schedule.rows_each = 4;
    return schedule;
  }
  constexpr std::int64_t cache = std::int64_t{1} << 18;  // bytes of a tile, which every second-level cache holds
  const std::int64_t row_bytes = std::int64_t{features} * static_cast<std::int64_t>(sizeof(Real));
  if (columns * row_bytes <= 16 * cache) return schedule;
  schedule.tile = static_cast<Index>(std::max<std::int64_t>(cache / row_bytes, 64));
  schedule.long_from = std::int64_t{2} * schedule.tile;
  schedule.most_group = std::clamp(16384 / features, Index{16}, RowSchedule::room);
  schedule.most_long = static_cast<Index>(std::min<std::int64_t>(rows, entries / schedule.long_from));
  return schedule;
}

/// The body of `begin_schedule`, which says what it computes.
template <class Real, class Space>
struct BeginSchedule {
  static inline const std::string label = "longshore::begin_schedule";
  SparseRows<Real, Space> rows;
  RowSchedule schedule;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t) const {
    *schedule.taken = 0;
    Index count = 0;
    if (schedule.tile > 0)
      for (Index r = 0; r < schedule.rows; ++r)
        if (rows.length(r) >= schedule.long_from) schedule.long_rows[count++] = r;
    *schedule.long_count = count;
    for (Index k = 0; k < schedule.part_count(); ++k) schedule.parts[k] = {};
  }
};

/// Lists the long rows and sets everything else to its start. Does not wait.
///
/// Cost: O(R), one thread.
template <class Real, class Space, class Executor>
void begin_schedule(const Executor& executor, const SparseRows<Real, Space>& rows, const RowSchedule& schedule) {
  for_each(executor, 1, BeginSchedule<Real, Space>{rows, schedule});
}

/// Workers that share a schedule, each with scratch of its own: one a thread on a host, thousands of teams on a device.
///
/// Cost: O(1).
template <class Space, class Executor>
Index row_workers(const Executor& executor, const RowSchedule& schedule) {
  Index most = 1;
  if constexpr (!is_host_space<Space>)
    most = 2048;
  else if constexpr (!std::is_same_v<Executor, Inline>)
    most = std::max(static_cast<Index>(executor.concurrency()), Index{1});
  return std::clamp(schedule.pieces(), Index{1}, most);
}

}  // namespace longshore::inline LONGSHORE_ABI
