// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/select_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which events `filter_values` leaves.
struct ValueRange {
  float at_least = std::numeric_limits<float>::lowest();
  float at_most = std::numeric_limits<float>::max();
  Ids ids = Ids::compact;
};

/// Leaves the events whose value is in a range: `filter_values(log, {.at_least = 4})` makes likes of ratings.
///
/// Cost: that of `select_rows`, O(N).
///
/// @return  a new log with the events that stay, in their order
/// @throws DataError if the log's values did not come with the events (`has_values`), or no event is left
/// @throws ShapeError, DataError as `check_log`
inline InteractionLog filter_values(const InteractionLog& log, const ValueRange& range) {
  check_log(log);
  expects<DataError>(log.has_values, "filter_values: expected a log with values, got one whose events have none");
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < log.size(); ++row)
    if (log.values.data()[row] >= range.at_least && log.values.data()[row] <= range.at_most) rows.push_back(row);
  if (rows.empty()) {
    std::string bounds;
    if (range.at_least > ValueRange{}.at_least) bounds = text_of(" of at least ", range.at_least);
    if (range.at_most < ValueRange{}.at_most)
      bounds += text_of(bounds.empty() ? " of" : " and", " at most ", range.at_most);
    throw DataError(text_of("filter_values: none of ", log.size(), " events has a value", bounds));
  }
  return select_rows(log, rows, range.ids);
}

}  // namespace longshore::inline LONGSHORE_ABI
