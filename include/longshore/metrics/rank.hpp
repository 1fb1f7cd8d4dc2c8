// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/number_range.hpp>
#include <longshore/metrics/row_ranker.hpp>
#include <longshore/metrics/score_range.hpp>
#include <longshore/metrics/tie_policy.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Ranks one target among all items that are not removed.
///
/// Cost: O(I), and a scratch of one byte an item; `full_ranking` ranks many rows without it.
///
/// @param scores   (I) float or double, one an item; infinities are ordered, NaN is refused
/// @param target   stays a candidate even where it is among the removed
/// @param removed  ids that are no candidates; they may repeat
/// @return         from 1; with TiePolicy::mean a multiple of one half
/// @throws DataError  if a score is NaN or an id is outside the catalogue
/// @throws ShapeError if there is no score
template <ScoreRange Scores>
double rank(const Scores& scores, Id target, std::span<const Id> removed = {},
            TiePolicy ties = TiePolicy::pessimistic) {
  const auto row = span_of(scores);
  expects(!row.empty(), "rank: expected at least one score, got none");
  double result = 0;
  RowRanker ranker(static_cast<Index>(row.size()), ties);
  ranker(row, std::span<const Id>(&target, 1), removed, std::span<double>(&result, 1));
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
