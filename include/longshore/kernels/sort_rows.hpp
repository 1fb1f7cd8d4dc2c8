// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <longshore/core/for_each.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers of scratch (Index) that `sort_rows` needs.
inline std::size_t sort_rows_workspace(Index count) { return 3 * static_cast<std::size_t>(count) + 2048; }

/// Least significant digit first, eleven bits a pass, on the calling thread.
struct SortRowsOnHost {
  static inline const std::string label = "longshore::sort_rows";
  Index count;
  std::int64_t rows;
  const Id* ids;
  Id* sorted;
  Index* order;
  Index* workspace;

  void operator()(std::int64_t) const {
    Id* keys = sorted;
    Index* places = order;
    Id* other_keys = workspace;
    Index* other_places = workspace + count;
    Index* starts = workspace + 2 * static_cast<std::int64_t>(count);
    for (Index i = 0; i < count; ++i) {
      keys[i] = ids[i];
      places[i] = i;
    }
    int passes = 0;
    for (std::int64_t largest = rows - 1; largest > 0; largest >>= 11) ++passes;
    for (int pass = 0; pass < passes; ++pass) {
      const int shift = 11 * pass;
      for (int digit = 0; digit < 2048; ++digit) starts[digit] = 0;
      for (Index i = 0; i < count; ++i) ++starts[(keys[i] >> shift) & 2047];
      Index sum = 0;
      for (int digit = 0; digit < 2048; ++digit) {
        const Index here = starts[digit];
        starts[digit] = sum;
        sum += here;
      }
      for (Index i = 0; i < count; ++i) {
        const Index to = starts[(keys[i] >> shift) & 2047]++;
        other_keys[to] = keys[i];
        other_places[to] = places[i];
      }
      std::swap(keys, other_keys);
      std::swap(places, other_places);
    }
    if (keys != sorted)
      for (Index i = 0; i < count; ++i) {
        sorted[i] = keys[i];
        order[i] = places[i];
      }
  }
};

/// One bit of the key: how many zeros stand before each place.
struct CountZeros {
  static inline const std::string label = "longshore::sort_rows";
  const Id* keys;
  int bit;
  Index* zeros;  // (count) exclusive
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i, Index& sum, bool is_final) const {
    if (is_final) zeros[i] = sum;
    sum += (keys[i] >> bit) & 1 ? 0 : 1;
  }
};

/// Moves each place behind those with a smaller bit, keeping the order among equals.
struct SplitByBit {
  static inline const std::string label = "longshore::sort_rows";
  const Id* keys;
  const Index* places;
  const Index* zeros;
  Index count;
  int bit;
  Id* to_keys;
  Index* to_places;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const bool one = (keys[i] >> bit) & 1;
    const Index all_zeros = zeros[count - 1] + ((keys[count - 1] >> bit) & 1 ? 0 : 1);
    const auto place = static_cast<Index>(i);
    const Index to = one ? all_zeros + (place - zeros[i]) : zeros[i];
    to_keys[to] = keys[i];
    to_places[to] = places[i];
  }
};

/// The body of `sort_rows`, which says what it computes.
struct CopyIds {
  static inline const std::string label = "longshore::sort_rows";
  const Id* from_keys;
  const Index* from_places;  // null: the identity
  Id* to_keys;
  Index* to_places;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    to_keys[i] = from_keys[i];
    to_places[i] = from_places ? from_places[i] : static_cast<Index>(i);
  }
};

/// Sorts ids, equal ones in their order: what turns gradient rows into one row per id without atomics. Does not wait.
///
/// Host: a radix sort on one thread. Device: stable splits bit by bit with Kokkos' scan.
///
/// Cost: host O(n) for every eleven bits of `rows`, one thread; device O(n) for every bit, with a scan each. Scratch 3
/// n + 2048 numbers.
///
/// @param rows       ids lie in [0, rows)
/// @param ids        (n)
/// @param sorted     (n) overwritten: the ids in ascending order
/// @param order      (n) overwritten: where each came from
/// @param workspace  sort_rows_workspace(n) numbers
template <class Space, class Executor>
void sort_rows(const Executor& executor, std::int64_t rows, View<const Id, 1, Space> ids, View<Id, 1, Space> sorted,
               View<Index, 1, Space> order, View<Index, 1, Space> workspace) {
  const Index count = ids.extent(0);
  if (count == 0) return;
  if constexpr (is_host_space<Space>) {
    for_each(executor, 1, SortRowsOnHost{count, rows, ids.data(), sorted.data(), order.data(), workspace.data()});
  } else {
    Id* keys = sorted.data();
    Index* places = order.data();
    Id* other_keys = workspace.data();
    Index* other_places = workspace.data() + count;
    for_each(executor, count, CopyIds{ids.data(), nullptr, keys, places});
    Index* zeros = workspace.data() + 2 * static_cast<std::int64_t>(count);
    for (int bit = 0; (std::int64_t{1} << bit) < rows; ++bit) {
      Kokkos::parallel_scan(CountZeros::label,
                            Kokkos::RangePolicy<Space, Kokkos::IndexType<std::int64_t>>(executor, 0, count),
                            CountZeros{keys, bit, zeros});
      for_each(executor, count, SplitByBit{keys, places, zeros, count, bit, other_keys, other_places});
      std::swap(keys, other_keys);
      std::swap(places, other_places);
    }
    if (keys != sorted.data()) for_each(executor, count, CopyIds{keys, places, sorted.data(), order.data()});
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
