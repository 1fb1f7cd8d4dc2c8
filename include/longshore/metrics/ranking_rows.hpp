// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <longshore/metrics/check_offsets.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What is asked in an evaluation, one row a user or a moment: which items are relevant, and which are no candidates.
///
/// Points to arrays that the caller keeps. The entries of row b are offsets[b] to offsets[b+1]-1.
///
///     full_ranking({.relevant = targets, .removed = seen, .removed_offsets = seen_offsets}, items, score);
///
/// Cost: copies nothing; `check` O(B + the ids), else O(1).
struct RankingRows {
  std::span<const Id> relevant;                        // (M) relevant items, row after row
  std::span<const std::size_t> relevant_offsets = {};  // (B+1); empty: one relevant item a row
  std::span<const Id> removed = {};                    // (R) items that are no candidates, such as the history
  std::span<const std::size_t> removed_offsets = {};   // (B+1); empty: nothing is removed

  /// The number of rows, B.
  std::size_t size() const {
    if (relevant_offsets.empty()) return relevant.size();
    return relevant_offsets.size() - 1;
  }

  /// The relevant items of row b.
  std::span<const Id> relevant_of(std::size_t b) const {
    if (relevant_offsets.empty()) return relevant.subspan(b, 1);
    return relevant.subspan(relevant_offsets[b], relevant_offsets[b + 1] - relevant_offsets[b]);
  }

  /// The removed items of row b.
  std::span<const Id> removed_of(std::size_t b) const {
    if (removed_offsets.empty()) return {};
    return removed.subspan(removed_offsets[b], removed_offsets[b + 1] - removed_offsets[b]);
  }

  /// Refuses rows that cannot be ranked.
  ///
  /// @param function  who asks, for the text of the error
  /// @param items     size of the catalogue
  /// @throws ShapeError if offsets do not fit, or the catalogue is empty
  /// @throws DataError  if there is no row, a row has no relevant item, or an id is outside the catalogue
  void check(const char* function, Index items) const {
    expects(items > 0, function, ": expected a catalogue of at least one item, got ", items);
    if (!relevant_offsets.empty()) check_offsets(function, "relevant_offsets", relevant_offsets, relevant.size());
    if (!removed_offsets.empty()) check_offsets(function, "removed_offsets", removed_offsets, removed.size());
    expects(!removed_offsets.empty() || removed.empty(), function, ": expected removed_offsets for the ",
            removed.size(), " removed items, got none");
    expects<DataError>(size() > 0, function, ": expected at least one row, got none");
    expects(removed_offsets.empty() || removed_offsets.size() == size() + 1, function, ": expected ", size() + 1,
            " removed_offsets for ", size(), " rows, got ", removed_offsets.size());
    for (std::size_t b = 0; b < size(); ++b)
      expects<DataError>(!relevant_of(b).empty(), function, ": row ", b,
                         " has no relevant item; leave such rows out of the evaluation");
    check_item_ids(function, "relevant items", relevant, items);
    check_item_ids(function, "removed items", removed, items);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
