// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Ranges of rows of a step matrix, one per output row: what poolings reduce. They may overlap, as the last ten steps
/// at every position of a history do.
///
/// Window w is rows begin[w] to end[w]. Neither begins nor ends decrease from one window to the next: then the windows
/// that hold a given row are neighbours, and backward can sum over them in order without atomics
/// (docs/decisions/windows.md); `check_windows` refuses others. `pairs` (W + 1) counts the (window, row) pairs before
/// each window: where its attention weights start.
///
/// Cost: `first_with` and `last_with` O(log W), everything else O(1); shares its arrays.
template <class Space>
struct Windows {
  View<const Index, 1, Space> begin;  // (W)
  View<const Index, 1, Space> end;    // (W)
  View<const Index, 1, Space> pairs;  // (W + 1)
  Index pair_count = 0;               // pairs[W], known on the host
  Index longest = 0;                  // rows of the longest window, known on the host

  Windows() = default;
  Windows(View<const Index, 1, Space> begins, View<const Index, 1, Space> ends,
          View<const Index, 1, Space> pair_offsets, Index total_pairs, Index longest_window)
      : begin(begins), end(ends), pairs(pair_offsets), pair_count(total_pairs), longest(longest_window) {}

  /// Each sequence is a window.
  ///
  /// @param rows  N, the number of rows the offsets cover
  Windows(const Offsets<Space>& offsets, Index rows)
      : begin(offsets.view.data(), offsets.count()),
        end(offsets.view.data() + (offsets.count() > 0 ? 1 : 0), offsets.count()),
        pairs(offsets.view),
        pair_count(rows),
        longest(offsets.longest) {}

  /// Number of windows, W.
  KOKKOS_INLINE_FUNCTION Index count() const { return begin.extent(0); }

  /// The first window that ends after this row: windows before it do not hold the row.
  KOKKOS_INLINE_FUNCTION Index first_with(Index row) const {
    Index low = 0, high = count();
    while (low < high) {
      const Index middle = low + (high - low) / 2;
      if (end(middle) > row)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }

  /// The first window that begins after this row: it and those behind it do not hold the row.
  KOKKOS_INLINE_FUNCTION Index last_with(Index row) const {
    Index low = 0, high = count();
    while (low < high) {
      const Index middle = low + (high - low) / 2;
      if (begin(middle) > row)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }
};

/// Steps and the windows over them. Made implicitly from `Sequences`: then each sequence is one window.
///
///     pool(context, sequences)                               // one vector per sequence
///     pool(context, {encoded.steps, batch.short_term})       // one vector per window
template <class T, class Space>
struct Windowed {
  Matrix<T, Space> steps;  // (N, D)
  Windows<Space> windows;  // (W)

  Windowed(const Sequences<T, Space>& sequences)
      : steps(sequences.steps), windows(sequences.offsets, sequences.steps.extent(0)) {}
  Windowed(const Matrix<T, Space>& its_steps, const Windows<Space>& its_windows)
      : steps(its_steps), windows(its_windows) {}
  Windowed(const Sequences<T, Space>& sequences, const Windows<Space>& its_windows)
      : steps(sequences.steps), windows(its_windows) {}

  /// Number of windows, W.
  Index count() const { return windows.count(); }
};

}  // namespace longshore::inline LONGSHORE_ABI
