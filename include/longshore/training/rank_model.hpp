// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/models/check_batch.hpp>
#include <longshore/training/evaluation_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a model is ranked.
struct RankModelSettings {
  bool remove_seen = true;                        // items of the history are no candidates
  Index batch = 128;                              // examples at a time
  std::size_t candidates = std::size_t{1} << 16;  // candidates at a time, where items are scored in chunks
  FullRankingSettings ranking = {};
};

/// The items from `first` on, as candidates of every row.
struct CandidateRange {
  static inline const std::string label = "longshore::candidate_range";
  Id first;
  Index width;
  Id* candidates;  // (B, width)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t e) const { candidates[e] = first + static_cast<Id>(e % width); }
};

/// Scores every item for some examples: by one product where the model has `catalogue` and no part of it sees the
/// candidates, else by scoring the items as candidates, in chunks.
///
/// @param batch       views of B examples; its candidates are overwritten
/// @param items       size of the catalogue, I
/// @param candidates  at a time, of all examples together
/// @param scores      (B, I) on the host, overwritten
/// @param stop        asked before each chunk
/// @throws ShapeError  if the model's catalogue has fewer items
/// @throws Interrupted if a stop was requested
template <class Context, class Model, class Space>
void score_catalogue(Context& context, const Model& model, Batch<Space>& batch, Index items, std::size_t candidates,
                     std::span<RealOf<Model>> scores, const std::stop_token& stop = {}) {
  const auto go_on = [&] { expects<Interrupted>(!stop.stop_requested(), "rank_model: stopped"); };
  const auto rows = static_cast<Index>(batch.size());
  const auto take = [&]<class T>(const Matrix<T, Space>& some, Index first, Index width) {
    context.fence();
    std::vector<T> copied;
    const T* from = some.data.data();
    if constexpr (!is_host_space<Space>) {
      copied = copy_to_host(some.data);
      from = copied.data();
    }
    for (Index b = 0; b < rows; ++b)
      for (Index c = 0; c < width; ++c)
        scores[static_cast<std::size_t>(b) * static_cast<std::size_t>(items) + static_cast<std::size_t>(first + c)] =
            from[std::int64_t{b} * some.extent(1) + c];
  };
  static_assert(ScoresCandidates<Model, RealOf<Model>, Space, Context, Batch<Space>>,
                "longshore: rank_model: Model and Batch do not fit: the model is no block that gives a Matrix of its "
                "Real and Space for (context, batch)");
  if constexpr (ScoresCatalogue<Model, RealOf<Model>, Space, Context, Batch<Space>>) {
    if (!model.sees_candidates()) {
      go_on();
      context.reset();
      const auto all = model.catalogue(context, batch);
      expects(all.extent(0) == rows && all.extent(1) >= items, "rank_model: the model's catalogue is ", all.extent(0),
              " x ", all.extent(1), ", there are ", rows, " examples and ", items, " items");
      take(all, 0, items);
      return;
    }
  }
  const auto widest =
      static_cast<Index>(std::clamp<std::size_t>(candidates / static_cast<std::size_t>(std::max<Index>(1, rows)), 1,
                                                 static_cast<std::size_t>(std::max<Index>(1, items))));
  for (Index first = 0; first < items; first += widest) {
    const Index width = std::min(widest, items - first);
    go_on();
    context.reset();
    const auto ids = scratch<Id>(context, rows, width);
    for_each(context.executor(), static_cast<std::int64_t>(ids.size()), CandidateRange{first, width, ids.data()});
    batch.candidates = ids;
    const auto some = model(context, batch);
    expects(some.extent(0) == rows && some.extent(1) == width, "rank_model: the model's scores are ", some.extent(0),
            " x ", some.extent(1), ", for ", rows, " x ", width, " candidates");
    take(some, first, width);
  }
  batch.candidates = {};
}

/// Ranks the target of each example among the whole catalogue.
///
///     auto test = evaluation_rows(all, split.test);
///     auto ranking = rank_model(model, views, test, log.item_count());
///     double value = hit_rate(10)(ranking).value;
///
/// Cost: for B rows one pass of the model over their histories, and O(B I D) for the product, or the model's score of
/// every item for every row; then `full_ranking`. Memory (batch, I) scores.
///
/// @param views  with separate positions
/// @param items  size of the catalogue
/// @return       ranks, in the order of the rows
/// @throws ShapeError for settings out of range or a model of fewer items
/// @throws DataError  if a score is not a number, or a history holds an item outside the model's table
/// @throws Interrupted if `ranking.stop` was requested, between two chunks of items at the latest
template <class Model>
Ranking rank_model(const Model& model, const LongShortViews& views, const EvaluationRows& rows, Index items,
                   const RankModelSettings& settings = {}) {
  using Space = SpaceOf<Model>;
  expects(settings.batch > 0 && settings.candidates > 0, "rank_model: batch and candidates are at least 1, they are ",
          settings.batch, " and ", settings.candidates);
  if constexpr (HasItemTable<Model>)
    expects(model.items.rows() >= items, "rank_model: the model's table has ", model.items.rows(), " rows, there are ",
            items, " items");
  expects(views.settings().positions == Positions::separate, "rank_model: the views must have separate positions");
  Inference<Space> context;
  Batch<LongShortViews::Host> made;
  Batch<Space> batch;
  const auto score = [&](std::size_t first, std::size_t count, std::span<RealOf<Model>> scores) {
    for (std::size_t start = 0; start < count; start += static_cast<std::size_t>(settings.batch)) {
      const std::size_t size = std::min(static_cast<std::size_t>(settings.batch), count - start);
      views.fill(std::span<const Example>(rows.examples).subspan(first + start, size), made);
      check_batch(model, made, "rank_model");
      copy_batch(made, batch);
      score_catalogue(context, model, batch, items, settings.candidates,
                      scores.subspan(start * static_cast<std::size_t>(items), size * static_cast<std::size_t>(items)),
                      settings.ranking.stop);
    }
  };
  return full_ranking(rows.rows(settings.remove_seen), items, score, settings.ranking);
}

}  // namespace longshore::inline LONGSHORE_ABI
