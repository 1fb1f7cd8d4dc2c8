// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <vector>

#include <longshore/data/example.hpp>
#include <longshore/metrics/ranking_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Examples to be ranked: the target of each, and the items of its history, which may be removed from the candidates.
///
/// Cost: 4 bytes for each item of each history.
struct EvaluationRows {
  std::vector<Example> examples;
  std::vector<Id> targets;                      // (B)
  std::vector<Id> seen;                         // histories, row after row
  std::vector<std::size_t> seen_offsets = {0};  // (B + 1)

  /// @param remove_seen  whether items of the history are no candidates; the target stays one
  RankingRows rows(bool remove_seen = true) const {
    if (!remove_seen) return {.relevant = targets};
    return {.relevant = targets, .removed = seen, .removed_offsets = seen_offsets};
  }
  /// What the user of a row had before the target, oldest first; valid as long as the rows are.
  std::span<const Id> history(std::size_t row) const {
    return std::span<const Id>(seen).subspan(seen_offsets[row], seen_offsets[row + 1] - seen_offsets[row]);
  }
  std::size_t size() const { return examples.size(); }
};

/// Takes the events of a part of a split as targets, with all earlier events of their users as history.
///
/// Each row has a copy of its history: where a user has many events in the part, as in splits by time, memory grows
/// with their number times that of the events before them.
/// Cost: O(N + rows in all histories).
///
/// @param all    the histories of the whole log; must hold every row
/// @param part   log rows (`split.test`)
/// @param items  how many items can be candidates: targets from there on are left out, because nothing can rank them.
///               That is what `renumber_as` numbers unknown items with
/// @return       rows in the order of user and time
/// @throws DataError  if a row is not in the histories
/// @throws ShapeError if the histories do not have one row an event
inline EvaluationRows evaluation_rows(const Histories& all, std::span<const std::size_t> part,
                                      Id items = std::numeric_limits<Id>::max()) {
  EvaluationRows rows;
  for (const Example& example : examples_of(all, part, 0)) {
    const auto begin =
        all.items.begin() + static_cast<std::ptrdiff_t>(all.offsets[static_cast<std::size_t>(example.user)]);
    if (begin[example.position] >= items) continue;
    rows.examples.push_back(example);
    rows.targets.push_back(begin[example.position]);
    std::copy_if(begin, begin + example.position, std::back_inserter(rows.seen), [&](Id item) { return item < items; });
    rows.seen_offsets.push_back(rows.seen.size());
  }
  return rows;
}

}  // namespace longshore::inline LONGSHORE_ABI
