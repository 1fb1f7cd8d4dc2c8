// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <longshore/core/math.hpp>
#include <longshore/core/permutation.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/data/negatives.hpp>
#include <longshore/data/running_checksum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the label of a target is; that of a negative is 0.
enum class TargetLabels {
  chosen,  // 1
  value,   // the value of its event, such as a rating, which is 1 where the log has none. Negatives are not ratings:
           // with MeanSquaredError their count is 0. BinaryCrossEntropy is for values of 0 to 1 only
};

/// How training batches are drawn.
struct LongShortBatchSettings {
  Index size = 256;  // examples a batch; with shared histories: users a batch
  bool shuffle = true;
  // Fill `log_q`, for SampledSoftmax. Every target must be an item that is drawn: not with `exclude_seen`, nor with
  // lists that lack targets. `in_batch` only in shuffled batches of separate examples.
  bool with_log_q = false;
  std::uint64_t seed = 0;
  NegativeSettings negatives = {};
  TargetLabels labels = TargetLabels::chosen;
  // Fill `weights`: each example weighs what this column of the log says of its target, its negatives too. A further
  // column of float, or "value" for the log's values; empty: no weights, 1 each.
  std::string weights = {};
};

/// Training batches for long/short-term models: candidate 0 is the target, the others are negatives; labels are 1 and
/// 0, or the log's values. Losses multiply the terms of an example by its weight, as far as the settings name one.
///
///     {.negatives = {.count = 0}, .labels = TargetLabels::value}     // ratings, for MeanSquaredError
///     {.weights = "dwell"}                                           // log.columns.set("dwell", seconds) before
///
/// A pure function of seed, epoch and index: batches may be made on any thread and in any order, and a resumed run gets
/// the same ones. The histories behind the views must outlive it.
///
/// Cost: of a batch O(N + B C) for its N steps and C candidates, redrawn negatives aside; memory 8 bytes an example.
class LongShortBatches {
 public:
  using Host = LongShortViews::Host;
  using batch_type = Batch<Host>;

  /// @param views     what examples see
  /// @param examples  of the training part; each has a target
  /// @param items     size of the catalogue
  /// @throws ShapeError for settings that do not fit
  /// @throws DataError  for examples without a target; if there is no column of the weights, a weight of a target is
  ///                    negative or not finite, or a value that is a label is not finite
  LongShortBatches(const LongShortViews& views, std::vector<Example> examples, Id items, const Histories& train,
                   const LongShortBatchSettings& settings = {})
      : views_(views),
        examples_(std::move(examples)),
        settings_(settings),
        negatives_(train, items, settings.negatives, all_targets()) {
    expects(settings_.size > 0, "LongShortBatches: size is at least 1, it is ", settings_.size);
    const bool shared = views_.settings().positions == Positions::one_pass;
    expects(!settings_.with_log_q || settings_.negatives.kind != NegativeSettings::Kind::in_batch ||
                (settings_.shuffle && !shared),
            "LongShortBatches: with_log_q and negatives of kind in_batch need shuffled batches of separate examples; "
            "here neighbours in a batch are of one user");
    for (std::size_t i = 0; i < examples_.size(); ++i)
      if (!shared || i == 0 || examples_[i].user != examples_[i - 1].user) units_.push_back(i);
    unit_count_ = units_.size();
    units_.push_back(examples_.size());
    check_targets();
  }

  /// Number of batches of an epoch; the last may be smaller.
  std::size_t size() const {
    return (unit_count_ + static_cast<std::size_t>(settings_.size) - 1) / static_cast<std::size_t>(settings_.size);
  }
  /// Number of examples of an epoch.
  std::size_t examples() const { return examples_.size(); }

  /// What tells these batches from others, by name: a checkpoint keeps it, so that no run is resumed with other ones.
  ///
  /// It sums up all that decides how batches are made: the data, what examples see, what is drawn; and the first batch,
  /// which would show that the library makes them in another way.
  ///
  /// Cost: O(all events, examples, catalogue and lists of negatives), some 0.5 GB/s, and one batch.
  std::vector<std::pair<std::string, std::uint64_t>> fingerprint() const {
    const Histories& all = views_.histories();
    RunningChecksum data, views, draws, first;
    sum_up(data, all.offsets, all.items, all.times, all.values, examples_);
    all.columns.for_each([&](std::string_view name, const auto& values) { sum_up(data, name, values); });
    views_.settings().add_to(views);
    draws.add_values(settings_.shuffle, settings_.with_log_q, settings_.labels);
    sum_up(draws, settings_.weights);
    negatives_.add_to(draws);
    batch_type batch;
    if (size() > 0) (*this)(0, 0, batch);
    sum_up_batch(first, batch);
    return {{"examples", examples_.size()},
            {"batch size", static_cast<std::uint64_t>(settings_.size)},
            {"batch seed", settings_.seed},
            {"checksum of the histories", data.value()},
            {"checksum of the views", views.value()},
            {"checksum of the draws", draws.value()},
            {"checksum of the first batch", first.value()}};
  }

  /// Fills the i-th batch of an epoch.
  ///
  /// @throws ShapeError if an epoch has no such batch
  void operator()(std::size_t epoch, std::size_t i, batch_type& batch) const {
    expects(i < size(), "LongShortBatches: batch ", i, " was asked for, an epoch has ", size());
    const Random random = Random(settings_.seed).stream("batches");
    const Permutation order(unit_count_, random.stream("shuffle").at(epoch));
    batch.reset();
    auto chosen = batch.list<Example>();
    auto places = batch.list<std::uint64_t>();
    const std::size_t first = i * static_cast<std::size_t>(settings_.size);
    const std::size_t last = std::min(unit_count_, first + static_cast<std::size_t>(settings_.size));
    for (std::size_t k = first; k < last; ++k) {
      const auto unit = settings_.shuffle ? static_cast<std::size_t>(order(k)) : k;
      for (std::size_t e = units_[unit]; e < units_[unit + 1]; ++e) {
        chosen.push_back(examples_[e]);
        places.push_back(e);
      }
    }
    views_.refill(chosen, batch);
    add_candidates(chosen, places, random.stream("negatives").at(epoch), batch);
  }

 private:
  static void sum_up(RunningChecksum& sum, const auto&... lists) {
    (sum.add(std::span(lists.data(), lists.size())), ...);
  }
  static void sum_up_batch(RunningChecksum& sum, const batch_type& batch) {
    const auto& history = batch.history;
    sum_up(sum, batch.users, history.items, history.offsets.view, batch.long_term.begin, batch.long_term.end,
           batch.short_term.begin, batch.short_term.end, batch.candidates, batch.labels, batch.log_q, batch.weights);
    for (const auto& column : history.columns.all()) {
      sum_up(sum, column.name);
      std::visit([&](const auto& view) { sum_up(sum, view); }, column.array);
    }
  }

  /// Where in the histories the target of an example is.
  std::size_t place_of(const Example& example) const {
    return views_.histories().offsets[static_cast<std::size_t>(example.user)] +
           static_cast<std::size_t>(example.position);
  }
  /// What every event weighs (N), or null.
  const float* event_weights() const {
    if (settings_.weights.empty()) return nullptr;
    const Histories& all = views_.histories();
    if (settings_.weights == "value") return all.values.data();
    return all.columns.template get<float>(settings_.weights).data();
  }

  bool has_target(const Example& example) const {
    const Histories& all = views_.histories();
    return example.user >= 0 && example.user < all.user_count() && example.position >= 0 &&
           static_cast<std::size_t>(example.position) < all.length(example.user);
  }
  std::vector<Id> all_targets() const {
    std::vector<Id> items;
    for (const Example& example : examples_)
      if (has_target(example)) items.push_back(views_.histories().items[place_of(example)]);
    return items;
  }
  void check_targets() const {
    const Histories& all = views_.histories();
    const std::string& name = settings_.weights;
    const bool of_values = name == "value", by_value = of_values || settings_.labels == TargetLabels::value;
    const std::string_view kind = all.columns.has(name) ? all.columns.kind(name) : "no";
    expects<DataError>(name.empty() || kind == (of_values ? "no" : "float"), "LongShortBatches: weights is '", name,
                       "'; the log has ", kind == "no" ? "no column" : text_of("a column of ", kind), " of that name",
                       of_values ? " beside its values" : ", a column of float or \"value\" is expected");
    const float* weights = event_weights();
    expects<DataError>(!by_value || all.values.size() == all.items.size(), "LongShortBatches: the histories have ",
                       all.values.size(), " values for ", all.items.size(), " events");
    for (const Example& example : examples_) {
      expects<DataError>(has_target(example), "LongShortBatches: user ", example.user, " has no event at position ",
                         example.position, " that could be a target");
      const std::size_t place = place_of(example);
      if (settings_.with_log_q)
        expects<DataError>(math::is_finite(negatives_.log_probability(example.user, all.items[place])),
                           "LongShortBatches: with_log_q: item ", all.items[place], ", a target of user ", example.user,
                           ", is never drawn as a negative: there is nothing to correct its score by");
      if (weights)
        expects<DataError>(math::is_finite(weights[place]) && weights[place] >= 0, "LongShortBatches: the weight '",
                           name, "' of the event at position ", example.position, " of user ", example.user, " is ",
                           weights[place], "; it must be finite and at least 0");
      if (settings_.labels == TargetLabels::value)
        expects<DataError>(math::is_finite(all.values[place]), "LongShortBatches: the value of the event at position ",
                           example.position, " of user ", example.user, " is ", all.values[place],
                           "; a label must be finite");
    }
  }

  void add_candidates(std::span<const Example> chosen, std::span<const std::uint64_t> places, const Random& random,
                      batch_type& batch) const {
    const auto rows = static_cast<Index>(chosen.size());
    const Index width = 1 + negatives_.count();
    const auto candidates = batch.allocate<Id>(rows, width);
    const auto labels = batch.allocate<float>(rows, width);
    const auto& all = views_.histories();
    auto targets = batch.list<Id>();
    for (const Example& example : chosen) targets.push_back(all.items[place_of(example)]);
    for (Index b = 0; b < rows; ++b) {
      const auto place = static_cast<std::size_t>(b);
      Id* row = candidates.row(b);
      row[0] = targets[place];
      negatives_(random, places[place], chosen[place].user, targets[place], targets, place,
                 std::span<Id>(row + 1, static_cast<std::size_t>(negatives_.count())));
      for (Index c = 1; c < width; ++c) labels(b, c) = 0;
      labels(b, 0) = settings_.labels == TargetLabels::value ? all.values[place_of(chosen[place])] : 1.0f;
    }
    batch.candidates = candidates;
    batch.labels = labels;
    if (const float* of_events = event_weights()) {
      const auto weights = batch.allocate<float>(rows, width);
      for (Index b = 0; b < rows; ++b)
        for (Index c = 0; c < width; ++c) weights(b, c) = of_events[place_of(chosen[static_cast<std::size_t>(b)])];
      batch.weights = weights;
    }
    if (!settings_.with_log_q) return;
    const auto log_q = batch.allocate<float>(rows, width);
    for (Index b = 0; b < rows; ++b)
      for (Index c = 0; c < width; ++c)
        log_q(b, c) = static_cast<float>(negatives_.log_probability(batch.users(b), candidates(b, c), targets.size()));
    batch.log_q = log_q;
  }

  LongShortViews views_;
  std::vector<Example> examples_;
  LongShortBatchSettings settings_;
  Negatives negatives_;
  std::vector<std::size_t> units_;  // where each unit that is shuffled begins: an example, or all of a user
  std::size_t unit_count_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
