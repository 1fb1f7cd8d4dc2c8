// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <longshore/baselines/baseline.hpp>
#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/check_offsets.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/metrics/ranking.hpp>
#include <longshore/metrics/ranking_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Ranks the relevant items of every row by a baseline: `full_ranking` with its scores.
///
///     auto floor = rank_baseline(FirstOrderMarkov(train, items), rows, history, history_offsets);
///     report.add("markov", {hit_rate(10)(floor).value, ndcg(10)(floor).value});
///
/// Cost: that of `full_ranking`, and of one request to the baseline a row.
///
/// @param rows             relevant and removed items of B rows
/// @param history          (N) what is known of each row, oldest first, row after row
/// @param history_offsets  (B+1)
/// @throws ShapeError if offsets or settings do not fit
/// @throws DataError  if a row has no relevant item, or an id is outside the catalogue
/// @throws Interrupted if `settings.stop` was requested, between two rows at the latest
template <Baseline Floor>
Ranking rank_baseline(const Floor& baseline, const RankingRows& rows, std::span<const Id> history,
                      std::span<const std::size_t> history_offsets, const FullRankingSettings& settings = {}) {
  check_offsets("rank_baseline", "history_offsets", history_offsets, history.size());
  expects(history_offsets.size() == rows.size() + 1, "rank_baseline: expected ", rows.size() + 1,
          " history_offsets for ", rows.size(), " rows, got ", history_offsets.size());
  const auto items = static_cast<std::size_t>(baseline.items());
  return full_ranking(
      rows, baseline.items(),
      [&](std::size_t first, std::size_t count, std::span<float> scores) {
        for (std::size_t b = first; b < first + count; ++b) {
          expects<Interrupted>(!settings.stop.stop_requested(), "rank_baseline: stopped before row ", b);
          baseline.scores(history.subspan(history_offsets[b], history_offsets[b + 1] - history_offsets[b]),
                          scores.subspan((b - first) * items, items));
        }
      },
      settings);
}

}  // namespace longshore::inline LONGSHORE_ABI
