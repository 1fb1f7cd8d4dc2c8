// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <longshore/data/long_short_views.hpp>
#include <longshore/metrics/sampled_ranking.hpp>
#include <longshore/training/evaluation_rows.hpp>
#include <longshore/training/score_batches.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a model is ranked among some negatives.
struct RankModelSampledSettings {
  bool remove_seen = true;  // items of the history are not drawn
  Index batch = 128;        // examples at a time
  SampledRankingSettings ranking = {};
};

/// Ranks the target of each example among drawn or given negatives: for comparison with published tables that did so.
///
///     auto ranking = rank_model_sampled(model, views, test, log.item_count(), {.ranking = {.negatives = 100}});
///     hit_rate(10)(ranking).name;  // "HR@10 (100 sampled)"
///
/// Not an estimate of `rank_model`: values are larger, and may put models in another order (see `sampled_ranking`).
/// Negatives depend on the seed and the row, so all models that are compared meet the same ones.
///
/// Cost: for B rows one pass of the model over their histories and 1 + n candidates each; then `sampled_ranking`.
///
/// @param views  with separate positions
/// @param items  size of the catalogue
/// @return       ranks, in the order of the rows; the names of its results say how many negatives there were
/// @throws ShapeError for settings out of range, or a model of fewer items
/// @throws DataError  if a score is not a number, a history holds an item outside the model's table, too few items are
///                    left to draw from, or given negatives do not fit
/// @throws Interrupted if `ranking.stop` was requested, between two batches at the latest
template <class Model>
Ranking rank_model_sampled(const Model& model, const LongShortViews& views, const EvaluationRows& rows, Index items,
                           const RankModelSampledSettings& settings = {}) {
  using Host = LongShortViews::Host;
  expects(settings.batch > 0, "rank_model_sampled: batch is at least 1, it is ", settings.batch);
  if constexpr (HasItemTable<Model>)
    expects(model.items.rows() >= items, "rank_model_sampled: the model's table has ", model.items.rows(),
            " rows, there are ", items, " items");
  expects(views.settings().positions == Positions::separate,
          "rank_model_sampled: the views must have separate positions");
  Inference<SpaceOf<Model>> context;
  Batch<Host> made;
  Batch<SpaceOf<Model>> batch;
  const auto score = [&](std::size_t first, std::size_t count, std::span<const Id> candidates,
                         std::span<RealOf<Model>> scores) {
    const std::size_t width = candidates.size() / count;
    for (std::size_t start = 0; start < count; start += static_cast<std::size_t>(settings.batch)) {
      expects<Interrupted>(!settings.ranking.stop.stop_requested(), "rank_model_sampled: stopped before row ",
                           first + start);
      const std::size_t size = std::min(static_cast<std::size_t>(settings.batch), count - start);
      views.fill(std::span<const Example>(rows.examples).subspan(first + start, size), made);
      made.candidates = View<const Id, 2, Host>(candidates.data() + start * width, static_cast<Index>(size),
                                                static_cast<Index>(width));
      score_candidates("rank_model_sampled", context, model, made, batch, scores.subspan(start * width, size * width));
    }
  };
  return sampled_ranking(rows.rows(settings.remove_seen), items, score, settings.ranking);
}

}  // namespace longshore::inline LONGSHORE_ABI
