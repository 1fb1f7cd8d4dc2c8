// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/filled_scores.hpp>
#include <longshore/metrics/ranking.hpp>
#include <longshore/metrics/ranking_rows.hpp>
#include <longshore/metrics/row_ranker.hpp>
#include <longshore/metrics/tie_policy.hpp>
#include <longshore/metrics/top_items.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a full ranking is made.
struct FullRankingSettings {
  TiePolicy ties = TiePolicy::pessimistic;
  Index list_length = 0;                            ///< K best items to keep of every row; 0: none
  std::size_t block_scores = std::size_t{1} << 24;  ///< scores in memory at a time, at least one row: 64 MiB of float
  std::stop_token stop = {};  ///< gives the ranking up, by `Interrupted`, before the next block of rows
};

/// Ranks the relevant items of every row among the whole catalogue, without the removed items.
///
///     auto ranking = full_ranking({.relevant = targets, .removed = seen, .removed_offsets = seen_offsets}, items,
///                                 [&](std::size_t first, std::size_t count, std::span<float> scores) { ... });
///     double value = hit_rate(10)(ranking).value;
///
/// Memory does not grow with rows x items: scores exist for one block of rows at a time.
/// Cost: the scores, O(I) for each relevant item, O(I + S log K) for each list.
///
/// Source: Krichene and Rendle 2020, who ask for it in the place of sampled rankings.
///
/// @param rows   relevant and removed items; a relevant item stays a candidate even where it is among the removed, for
///               ranks and lists alike; `Ranking::kept` counts these
/// @param items  size of the catalogue, I
/// @param score  called as score(first, count, scores) for consecutive blocks of rows: fills scores (count, I),
///               row-major, float or double, for the rows first .. first+count-1; every place, for the memory is
///               used again
/// @return       ranks and candidates a row, in the order of the rows
/// @throws ShapeError if offsets or settings do not fit
/// @throws DataError  if a row has no relevant item, an id is outside the catalogue, or a score is NaN
/// @throws Interrupted if a stop was requested
template <class Score>
  requires FillsScores<Score>
Ranking full_ranking(const RankingRows& rows, Index items, Score&& score, const FullRankingSettings& settings = {}) {
  using Real = FilledReal<Score>;
  rows.check("full_ranking", items);
  expects(settings.list_length >= 0, "full_ranking: expected a list_length of at least 0, got ", settings.list_length);
  const std::size_t width = static_cast<std::size_t>(items), total = rows.size();
  const std::size_t length = static_cast<std::size_t>(settings.list_length);
  const std::size_t block = std::clamp<std::size_t>(settings.block_scores / width, 1, total);

  Ranking ranking;
  ranking.ties = settings.ties;
  ranking.items = items;
  ranking.candidates = xt::xtensor<Index, 1>::from_shape({total});
  ranking.lists = xt::xtensor<Id, 2>::from_shape({length > 0 ? total : 0, length});
  ranking.offsets.reserve(total + 1);
  std::vector<double> ranks(rows.relevant.size());
  std::vector<Real> scores(block * width);  // (block, I)
  RowRanker ranker(items, settings.ties);
  std::vector<Id> gone;  // what of the removed is no candidate
  for (std::size_t first = 0; first < total; first += block) {
    const std::size_t count = std::min(block, total - first);
    expects<Interrupted>(!settings.stop.stop_requested(), "full_ranking: stopped before row ", first, " of ", total);
    score(first, count, std::span<Real>(scores.data(), count * width));
    for (std::size_t b = first; b < first + count; ++b) {
      const std::span<const Real> row(scores.data() + (b - first) * width, width);
      const std::size_t place = ranking.offsets.back();
      RowRanker::Counts counts;
      try {
        counts = ranker(row, rows.relevant_of(b), rows.removed_of(b), std::span<double>(ranks).subspan(place));
      } catch (const DataError& error) {
        throw DataError(text_of("full_ranking: row ", b, ": ", error.what()));
      }
      ranking.offsets.push_back(place + counts.relevant);
      ranking.candidates.data()[b] = counts.candidates;
      ranking.tied += counts.tied;
      ranking.kept += counts.kept;
      if (length == 0) continue;
      gone.assign(rows.removed_of(b).begin(), rows.removed_of(b).end());
      const auto is_kept = [&](Id item) {
        return std::ranges::find(rows.relevant_of(b), item) != rows.relevant_of(b).end();
      };
      if (counts.kept > 0) std::erase_if(gone, is_kept);
      top_items(row, gone, std::span<Id>(ranking.lists.data() + b * length, length));
    }
  }
  ranking.ranks = xt::xtensor<double, 1>::from_shape({ranking.offsets.back()});
  std::copy_n(ranks.data(), ranking.offsets.back(), ranking.ranks.data());
  return ranking;
}

}  // namespace longshore::inline LONGSHORE_ABI
