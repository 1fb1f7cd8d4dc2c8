// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <stop_token>
#include <type_traits>
#include <vector>

#include <longshore/core/batch.hpp>
#include <longshore/core/block_traits.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/models/check_batch.hpp>
#include <longshore/training/prefetch.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scores the candidates of a batch, and brings the scores to the host. Blocks.
///
/// Cost: that of the model, and of copying batch and scores where the model is on a device.
///
/// @param verb    who asks, for errors
/// @param made    on the host
/// @param batch   overwritten with its copy in the model's space
/// @param scores  (B, C) overwritten, row after row
/// @throws ShapeError if the model's scores have other extents than the candidates
/// @throws DataError  if the batch holds an id that the model does not have
template <class Model, class Host>
void score_candidates(const char* verb, Inference<SpaceOf<Model>>& context, const Model& model, const Batch<Host>& made,
                      Batch<SpaceOf<Model>>& batch, std::span<RealOf<Model>> scores) {
  using Space = SpaceOf<Model>;
  static_assert(ScoresCandidates<Model, RealOf<Model>, Space, Inference<Space>, Batch<Space>>,
                "longshore: score_candidates: Model and Batch do not fit: the model is no block that gives a Matrix of "
                "its Real and Space for (context, batch)");
  check_batch(model, made, verb);
  copy_batch(made, batch);
  context.reset();
  const auto result = model(context, batch);
  expects(result.extent(0) == made.candidates.extent(0) && result.extent(1) == made.candidates.extent(1), verb,
          ": the model's scores are ", result.extent(0), " x ", result.extent(1), ", for ", made.candidates.extent(0),
          " x ", made.candidates.extent(1), " candidates");
  context.fence();
  const auto numbers = copy_to_host(result.data);
  std::ranges::copy(numbers, scores.begin());
}

/// What a model scored, one entry a candidate, batch after batch and row after row: the arguments of `auc`, the three
/// group AUCs, `log_loss_with_logits`, `rmse` and `mae`.
///
/// Cost: memory 16 bytes a candidate of a model in float, 20 of one in double.
template <class Real = float>
struct LabelledScores {
  std::vector<Id> users;       // (N) the groups of group AUCs
  std::vector<float> labels;   // (N) as the batches have them: 1 and 0, or ratings
  std::vector<Real> scores;    // (N) logits, or predicted ratings: what the model gives
  std::vector<float> weights;  // (N) 1 where the batches have none

  std::size_t size() const { return scores.size(); }
};

/// Scores all candidates of an epoch of batches, beside their labels: for metrics of rows, not of rankings.
///
///     LongShortBatches test(views, examples_of(all, split.test), log.item_count(), train, {.shuffle = false});
///     const auto rows = score_batches(model, test);
///     auc(rows.labels, rows.scores);                    // targets against the drawn negatives of all users
///     group_auc(rows.users, rows.labels, rows.scores);  // against those of the same user
///     log_loss_with_logits(rows.labels, rows.scores);
///
/// With `{.negatives = {.count = 0}, .labels = TargetLabels::value}` the labels are ratings, for `rmse` and `mae`.
/// Labels of drawn negatives depend on how many are drawn, and from what: say so beside the numbers. Where items are
/// ranked, `rank_model` ranks the target among all of them.
///
/// Cost: a forward pass over all batches, one after the other on the calling thread.
///
/// @param batches  a source of ready-made batches (`LongShortBatches`), with labels
/// @param epoch    which one: another one has other negatives
/// @param stop     gives the scores up before the next batch
/// @return         as many entries as candidates, in the order of the batches
/// @throws ShapeError if labels, weights or the model's scores have other extents than the candidates, or users another
///                    number
/// @throws DataError  if a batch holds an id that the model does not have, or has no labels
/// @throws Interrupted if a stop was requested
template <class Model, BatchSource Batches>
LabelledScores<RealOf<Model>> score_batches(const Model& model, const Batches& batches, std::size_t epoch = 0,
                                            const std::stop_token& stop = {}) {
  using Host = Kokkos::DefaultHostExecutionSpace;
  static_assert(std::is_same_v<typename Batches::batch_type, Batch<Host>>,
                "longshore: score_batches takes a source of ready-made batches, Batch<the default host space>");
  LabelledScores<RealOf<Model>> all;
  Inference<SpaceOf<Model>> context;
  Batch<Host> made;
  Batch<SpaceOf<Model>> batch;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    expects<Interrupted>(!stop.stop_requested(), "score_batches: stopped before batch ", i, " of ", batches.size());
    batches(epoch, i, made);
    const Index rows = made.candidates.extent(0), width = made.candidates.extent(1);
    if (rows == 0) continue;
    const auto check = [&](const char* name, const View<const float, 2, Host>& array) {
      expects(array.extent(0) == rows && array.extent(1) == width, "score_batches: ", name, " are ", array.extent(0),
              " x ", array.extent(1), ", the candidates ", rows, " x ", width);
    };
    expects(made.users.extent(0) == rows, "score_batches: there are ", made.users.extent(0), " users for ", rows,
            " rows of candidates");
    expects<DataError>(made.labels.data() != nullptr, "score_batches: batch ", i, " has no labels");
    check("labels", made.labels);
    if (made.weights.data()) check("weights", made.weights);
    const std::size_t first = all.size();
    all.scores.resize(first + made.candidates.size());
    score_candidates("score_batches", context, model, made, batch, std::span<RealOf<Model>>(all.scores).subspan(first));
    for (Index b = 0; b < rows; ++b)
      for (Index c = 0; c < width; ++c) {
        all.users.push_back(made.users(b));
        all.labels.push_back(made.labels(b, c));
        all.weights.push_back(made.weights.data() ? made.weights(b, c) : 1.0f);
      }
  }
  return all;
}

}  // namespace longshore::inline LONGSHORE_ABI
