// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <longshore/data/histories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A moment of a user: the event at this position is the target, the events before it are the history.
///
/// Cost: plain data.
struct Example {
  Id user = 0;
  Index position = 0;  // among the user's events; at least 0
};

/// Makes an example of each event of a part of a log, in the order of user and time.
///
/// Cost: O(N).
///
/// @param all            the histories of the whole log: what lies before an event may be in an earlier part
/// @param rows           the log rows of the part (`split.train`)
/// @param least_history  events with fewer events before them are left out
/// @throws DataError     if a row is not in the histories
/// @throws ShapeError    if the histories do not have one row an event
inline std::vector<Example> examples_of(const Histories& all, std::span<const std::size_t> rows,
                                        Index least_history = 1) {
  all.check_rows("examples_of");
  std::size_t largest = 0;
  for (const std::size_t row : all.rows) largest = std::max(largest, row);
  std::vector<bool> wanted(all.rows.empty() ? 0 : largest + 1, false);
  for (const std::size_t row : rows) {
    expects<DataError>(row < wanted.size(), "examples_of: the row ", row, " is not in the histories");
    wanted[row] = true;
  }
  std::vector<Example> examples;
  for (Id user = 0; user < all.user_count(); ++user) {
    const std::size_t begin = all.offsets[static_cast<std::size_t>(user)];
    for (std::size_t k = 0; k < all.length(user); ++k)
      if (k >= static_cast<std::size_t>(least_history) && wanted[all.rows[begin + k]])
        examples.push_back({user, static_cast<Index>(k)});
  }
  return examples;
}

}  // namespace longshore::inline LONGSHORE_ABI
