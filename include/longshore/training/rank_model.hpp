// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/training/evaluation_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A model that scores every item for each example by itself: `catalogue(context, batch)` gives (B, I).
template <class Model, class Context, class Examples>
concept ScoresCatalogue = requires(const Model& model, Context& context, const Examples& batch) {
  model.catalogue(context, batch);
  { model.sees_candidates() } -> std::same_as<bool>;
};

/// How a model is ranked.
struct RankModelSettings {
  bool remove_seen = true;
  Index batch = 128;                              // examples at a time
  std::size_t candidate_numbers = std::size_t{1} << 22;  // embedded candidates at a time, where items are scored in chunks
  FullRankingSettings ranking = {};
};

/// Scores every item for some examples: by one product where the model has `catalogue` and no part of it sees the candidates,
/// else by scoring the items as candidates, in chunks.
///
/// @param batch   views of B examples; its candidates are overwritten
/// @param items   size of the catalogue, I
/// @param scores  (B, I) on the host, overwritten
template <class Context, class Model, class Space>
void score_catalogue(Context& context, const Model& model, Batch<Space>& batch, Index items, std::size_t candidate_numbers,
                     std::span<float> scores) {
  const auto rows = static_cast<Index>(batch.size());
  const auto take = [&](const auto& chunk, Index first) {
    const auto host = copy_to_host(chunk.data);
    const Index width = chunk.extent(1);
    const Index used = std::min(width, items - first);
    for (Index b = 0; b < rows; ++b)
      for (Index c = 0; c < used; ++c)
        scores[static_cast<std::size_t>(b) * static_cast<std::size_t>(items) + static_cast<std::size_t>(first + c)] =
            static_cast<float>(host[static_cast<std::size_t>(b) * static_cast<std::size_t>(width) + static_cast<std::size_t>(c)]);
  };
  if constexpr (ScoresCatalogue<Model, Context, Batch<Space>>) {
    if (!model.sees_candidates()) {
      context.reset();
      const auto all = model.catalogue(context, batch);
      context.fence();
      take(all, 0);
      return;
    }
  }
  const auto widest = static_cast<Index>(std::clamp<std::size_t>(
      candidate_numbers / (64 * static_cast<std::size_t>(std::max<Index>(1, rows))), 1, static_cast<std::size_t>(items)));
  for (Index first = 0; first < items; first += widest) {
    const Index width = std::min(widest, items - first);
    std::vector<Id> ids(static_cast<std::size_t>(rows) * static_cast<std::size_t>(width));
    for (std::size_t e = 0; e < ids.size(); ++e) ids[e] = first + static_cast<Id>(e % static_cast<std::size_t>(width));
    Tensor<Id, 2, Space> candidates(rows, width);
    copy_from_host(ids, candidates.view());
    batch.candidates = std::as_const(candidates).view();
    context.reset();
    const auto chunk = model(context, batch);
    context.fence();
    take(chunk, first);
  }
  batch.candidates = {};
}

/// Ranks the target of each example among the whole catalogue.
///
///     auto test = evaluation_rows(all, split.test);
///     auto ranking = rank_model(model, views, test, log.item_count());
///     double value = hit_rate(10)(ranking).value;
///
/// @param views  with separate positions
/// @param items  size of the catalogue
/// @return       ranks, in the order of the rows
/// @throws DataError if a score is not a number
template <class Model>
Ranking rank_model(const Model& model, const LongShortViews& views, const EvaluationRows& rows, Index items,
                   const RankModelSettings& settings = {}) {
  using Space = SpaceOf<Model>;
  Inference<Space> context;
  Batch<LongShortViews::Host> made;
  Batch<Space> batch;
  const auto score = [&](std::size_t first, std::size_t count, std::span<float> scores) {
    for (std::size_t start = 0; start < count; start += static_cast<std::size_t>(settings.batch)) {
      const std::size_t size = std::min(static_cast<std::size_t>(settings.batch), count - start);
      views.fill(std::span<const Example>(rows.examples).subspan(first + start, size), made);
      copy_batch(made, batch);
      score_catalogue(context, model, batch, items, settings.candidate_numbers,
                      scores.subspan(start * static_cast<std::size_t>(items), size * static_cast<std::size_t>(items)));
    }
  };
  return full_ranking(rows.rows(settings.remove_seen), items, score, settings.ranking);
}

}  // namespace longshore::inline LONGSHORE_ABI
