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
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/tie_policy.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where the relevant items of each row came, and under which protocol: what every ranking metric is computed from.
///
/// Made by `full_ranking` or `sampled_ranking`. The ranks of row b are the entries offsets[b] to offsets[b+1]-1.
///
/// Cost: memory 8 bytes a relevant item, 12 a row, 4 a place of a list; every question O(1).
struct Ranking {
  xt::xtensor<double, 1> ranks = xt::xtensor<double, 1>::from_shape({0});     // (M) from 1, ascending within a row
  std::vector<std::size_t> offsets = {0};                                     // (B+1)
  xt::xtensor<Index, 1> candidates = xt::xtensor<Index, 1>::from_shape({0});  // (B) how many items were ranked
  xt::xtensor<Id, 2> lists = xt::xtensor<Id, 2>::from_shape({0, 0});  // (B, K) best items, if asked for; -1: none
  TiePolicy ties = TiePolicy::pessimistic;
  Index items = 0;       ///< size of the catalogue
  Index negatives = 0;   ///< of each row, drawn or given; 0: the ranking is full
  bool given = false;    ///< whether the negatives were given, not drawn
  std::size_t tied = 0;  ///< relevant items whose rank depends on the tie policy
  std::size_t kept = 0;  ///< relevant items that were also to be removed, and stayed candidates

  /// The number of rows, B.
  std::size_t size() const { return offsets.size() - 1; }

  /// Whether the targets were ranked among some negatives only: such values are no estimates of the full ranking's.
  bool sampled() const { return negatives > 0; }

  /// Refuses ranks that are not of these rows, for who fills them by hand.
  ///
  /// Cost: O(B).
  ///
  /// @param function  who asks, for the text of the error
  /// @throws ShapeError if the offsets do not ascend from 0 to the number of ranks
  /// @throws DataError  if a row has no rank
  void check(std::string_view function) const {
    expects(
        !offsets.empty() && offsets.front() == 0 && offsets.back() == ranks.size() && std::ranges::is_sorted(offsets),
        function, ": the offsets of a ranking must ascend from 0 to ", ranks.size(), ", the number of ranks");
    for (std::size_t b = 0; b < size(); ++b)
      expects<DataError>(offsets[b] < offsets[b + 1], function, ": row ", b, " of the ranking has no relevant item");
  }

  /// The ranks of row b, ascending.
  std::span<const double> row(std::size_t b) const {
    return std::span<const double>(ranks.data() + offsets[b], offsets[b + 1] - offsets[b]);
  }

  /// The protocol in one line, for the foot of a table.
  std::string description() const {
    const char* rule = ties == TiePolicy::pessimistic  ? "pessimistic"
                       : ties == TiePolicy::optimistic ? "optimistic"
                       : ties == TiePolicy::mean       ? "mean"
                                                       : "lowest id first";
    std::string text = sampled() ? text_of("sampled ranking, ", negatives, given ? " given" : "", " negatives a row")
                                 : text_of("full ranking over ", items, " items");
    text += text_of(", ", size(), size() == 1 ? " row" : " rows", ", ties: ", rule, " (", tied, " of ", ranks.size(),
                    " targets tied", kept > 0 ? text_of(", ", kept, " kept though to be removed") : std::string(), ")");
    return text;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
