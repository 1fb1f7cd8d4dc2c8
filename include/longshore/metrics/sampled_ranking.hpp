// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/check_item_ids.hpp>
#include <longshore/metrics/draw_negatives.hpp>
#include <longshore/metrics/filled_scores.hpp>
#include <longshore/metrics/ranking.hpp>
#include <longshore/metrics/ranking_rows.hpp>
#include <longshore/metrics/row_ranker.hpp>
#include <longshore/metrics/tie_policy.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a sampled ranking is made.
struct SampledRankingSettings {
  Index negatives = 100;  ///< drawn for each row, uniformly, without replacement, neither relevant nor removed
  /// (B, negatives) those of each row, row after row, in the place of drawn ones: of a published protocol. They are all
  /// different in a row, and not relevant; whether they were removed does not matter. Empty: they are drawn.
  std::span<const Id> given = {};
  std::uint64_t seed = 0;
  TiePolicy ties = TiePolicy::pessimistic;
  std::size_t block_scores = std::size_t{1} << 20;  ///< scores in memory at a time, at least one row
  std::stop_token stop = {};  ///< gives the ranking up, by `Interrupted`, before the next block of rows
};

/// Ranks the relevant items of every row among drawn or given negatives. Not an estimate of `full_ranking`: values are
/// larger, and may put models in another order (Krichene and Rendle 2020). Results carry the number of negatives in
/// their name.
///
/// Row b's negatives depend on the seed, b and what is excluded in it, so models that are compared meet the same ones.
/// Cost: the scores, O(C log C) a row, O(R) for the removed items.
///
/// Source: the protocol of He et al. 2017 (NCF); Krichene and Rendle 2020, "On sampled metrics for item
/// recommendation".
///
/// @param rows   relevant and removed items; the relevant are ranked among each other and the negatives
/// @param items  size of the catalogue
/// @param score  called as score(first, count, candidates, scores) for consecutive blocks of rows, candidates and
///               scores (count, C), float or double, row-major, C = negatives + the most relevant items of a row in
///               the block. Rows with fewer are filled up with an item that they have already; its score is not looked
///               at. Ids ascend in a row, so that the place tells nothing.
/// @return       ranks and candidates a row, in the order of the rows
/// @throws ShapeError if offsets or settings do not fit
/// @throws DataError  if a row has no relevant item, an id is outside the catalogue, too few items are left to draw
///                    from, a given negative is relevant or comes twice in its row, or a score is NaN
/// @throws Interrupted if a stop was requested
template <class Score>
  requires FillsScores<Score, std::span<const Id>>
Ranking sampled_ranking(const RankingRows& rows, Index items, Score&& score,
                        const SampledRankingSettings& settings = {}) {
  using Real = FilledReal<Score, std::span<const Id>>;
  rows.check("sampled_ranking", items);
  expects(settings.negatives >= 1, "sampled_ranking: expected at least one negative a row, got ", settings.negatives);
  expects<DataError>(settings.negatives < items, "sampled_ranking: ", settings.negatives,
                     " negatives a row were asked for, a catalogue of ", items, " items has at most ", items - 1);
  const std::size_t total = rows.size(), negatives = static_cast<std::size_t>(settings.negatives);
  const std::span<const Id> given = settings.given;
  expects(given.empty() || given.size() == total * negatives, "sampled_ranking: expected ", negatives,
          " given negatives for each of ", total, " rows, got ", given.size(), " in all");
  check_item_ids("sampled_ranking", "given negatives", given, items);
  std::size_t longest = 0;
  for (std::size_t b = 0; b < total; ++b) longest = std::max(longest, rows.relevant_of(b).size());
  const std::size_t block = std::clamp<std::size_t>(settings.block_scores / (negatives + longest), 1, total);
  const Random random = Random(settings.seed).stream("sampled_ranking");

  Ranking ranking;
  ranking.ties = settings.ties;
  ranking.items = items;
  ranking.negatives = settings.negatives;
  ranking.given = !given.empty();
  ranking.candidates = xt::xtensor<Index, 1>::from_shape({total});
  std::vector<double> ranks(rows.relevant.size());
  std::vector<bool> excluded(static_cast<std::size_t>(items));
  std::vector<Id> candidates;       // (block, C) ascending in a row
  std::vector<Id> places, filling;  // of the relevant items and of the filling in a row of candidates
  std::vector<Real> scores;         // (block, C)
  for (std::size_t first = 0; first < total; first += block) {
    const std::size_t count = std::min(block, total - first);
    expects<Interrupted>(!settings.stop.stop_requested(), "sampled_ranking: stopped before row ", first, " of ", total);
    longest = 0;
    for (std::size_t b = first; b < first + count; ++b) longest = std::max(longest, rows.relevant_of(b).size());
    const std::size_t width = negatives + longest;
    candidates.assign(count * width, 0);
    scores.assign(count * width, Real(0));
    for (std::size_t b = first; b < first + count; ++b) {
      const std::span<Id> row = std::span<Id>(candidates).subspan((b - first) * width, width);
      std::size_t left = excluded.size();
      const auto exclude = [&](std::span<const Id> ids) {
        for (const Id item : ids) {
          left -= excluded[static_cast<std::size_t>(item)] ? 0 : 1;
          excluded[static_cast<std::size_t>(item)] = true;
        }
      };
      exclude(rows.relevant_of(b));
      if (given.empty()) {
        exclude(rows.removed_of(b));
        expects<DataError>(left >= negatives, "sampled_ranking: row ", b, " has ", left,
                           " items that are neither relevant nor removed, ", negatives, " negatives were asked for");
        draw_negatives(random.at(b), excluded, left, row.first(negatives));
      }
      for (std::size_t i = 0; i < (given.empty() ? 0 : negatives); ++i) {
        row[i] = given[b * negatives + i];
        const std::size_t before = left;
        exclude(std::span<const Id>(row).subspan(i, 1));
        expects<DataError>(left < before, "sampled_ranking: row ", b, " has the given negative ", row[i],
                           ", which is relevant or comes twice");
      }
      const auto relevant = rows.relevant_of(b);
      for (std::size_t i = negatives; i < width; ++i) row[i] = relevant[std::min(i - negatives, relevant.size() - 1)];
      for (const auto ids : {std::span<const Id>(row), relevant, rows.removed_of(b)})
        for (const Id item : ids) excluded[static_cast<std::size_t>(item)] = false;
      std::sort(row.begin(), row.end());
    }
    score(first, count, std::span<const Id>(candidates), std::span<Real>(scores));

    RowRanker ranker(static_cast<Index>(width), settings.ties);
    for (std::size_t b = first; b < first + count; ++b) {
      const auto row = std::span<const Id>(candidates).subspan((b - first) * width, width);
      places.clear();
      filling.clear();
      for (std::size_t i = 1; i < width; ++i)
        if (row[i] == row[i - 1]) filling.push_back(static_cast<Id>(i));
      for (const Id item : rows.relevant_of(b))
        places.push_back(static_cast<Id>(std::lower_bound(row.begin(), row.end(), item) - row.begin()));
      const std::size_t place = ranking.offsets.back();
      RowRanker::Counts counts;
      try {
        counts = ranker(std::span<const Real>(scores).subspan((b - first) * width, width), std::span<const Id>(places),
                        std::span<const Id>(filling), std::span<double>(ranks).subspan(place));
      } catch (const DataError& error) {
        throw DataError(text_of("sampled_ranking: row ", b, ", by places among its candidates: ", error.what()));
      }
      ranking.offsets.push_back(place + counts.relevant);
      ranking.candidates.data()[b] = counts.candidates;
      ranking.tied += counts.tied;
    }
  }
  ranking.ranks = xt::xtensor<double, 1>::from_shape({ranking.offsets.back()});
  std::copy_n(ranks.data(), ranking.offsets.back(), ranking.ranks.data());
  return ranking;
}

}  // namespace longshore::inline LONGSHORE_ABI
