// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which segment each row of an evaluation belongs to: cold and hot users, countries, anything.
///
/// Cost: of `by_count` O(B log S) for S segments.
struct Segments {
  std::vector<std::string> names;  // (S)
  std::vector<Index> of_row;       // (B) 0 <= segment < S

  /// Divides rows by a count: the length of a user's history, the popularity of the target.
  ///
  ///     Segments::by_count(lengths, {10, 50}, "events")   // "events < 10", "events 10 to 49", "events >= 50"
  ///
  /// @param counts  (B)
  /// @param bounds  (S-1) ascending: the least count of every segment but the first
  /// @param unit    what is counted, for the names
  /// @throws ShapeError if the bounds do not ascend, or there is none
  static Segments by_count(std::span<const std::size_t> counts, const std::vector<std::size_t>& bounds,
                           std::string_view unit) {
    expects(!bounds.empty(), "Segments::by_count: expected at least one bound, got none");
    for (std::size_t s = 0; s + 1 < bounds.size(); ++s)
      expects(bounds[s] < bounds[s + 1], "Segments::by_count: expected ascending bounds, got ", bounds[s], " before ",
              bounds[s + 1]);
    Segments segments;
    segments.names.push_back(text_of(unit, " < ", bounds.front()));
    for (std::size_t s = 0; s + 1 < bounds.size(); ++s)
      segments.names.push_back(bounds[s] + 1 == bounds[s + 1]
                                   ? text_of(unit, " = ", bounds[s])
                                   : text_of(unit, " ", bounds[s], " to ", bounds[s + 1] - 1));
    segments.names.push_back(text_of(unit, " >= ", bounds.back()));
    segments.of_row.reserve(counts.size());
    for (const std::size_t count : counts)
      segments.of_row.push_back(
          static_cast<Index>(std::upper_bound(bounds.begin(), bounds.end(), count) - bounds.begin()));
    return segments;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
