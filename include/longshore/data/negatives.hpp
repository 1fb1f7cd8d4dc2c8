// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <longshore/core/math.hpp>
#include <longshore/core/random.hpp>
#include <longshore/data/alias_table.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/data/running_checksum.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How items are drawn that a user did not choose.
struct NegativeSettings {
  enum class Kind {
    uniform,     // every item of the catalogue alike
    popularity,  // in proportion to (number of training events)^alpha
    in_batch,    // the targets of other examples of the batch
    given,       // from the user's own list
  };
  Kind kind = Kind::uniform;
  Index count = 4;            // an example
  double alpha = 0.75;        // popularity
  bool exclude_seen = false;  // leave out items of the user's training events, and the target
  std::shared_ptr<const std::vector<std::vector<Id>>> lists = {};  // given: (U) lists, none empty
};

/// Draws negatives, each a pure function of seed, epoch and place.
///
/// Popularity is drawn by `AliasTable`. Excluded items are redrawn; after 100 draws in vain the one after them
/// is from the items that are left: by popularity, of the batch or of the list, or, where these have none, of the
/// catalogue (but `given`). Where nothing is left the last draw stays: a user who has seen everything gets negatives.
/// Cost: a draw O(1), O(log T) more to look among the user's T events where seen items are excluded, and O(I log T)
/// where the user has seen almost all; a log probability
/// O(1), O(list) of given ones; memory O(I), and the seen items.
/// Source: Mikolov et al. 2013 for the exponent.
class Negatives {
 public:
  /// @param train    histories of the training part: popularity and what users have seen
  /// @param items    size of the catalogue
  /// @param targets  of all examples, which `in_batch` draws from: for its probabilities; empty: the training events
  /// @throws ShapeError for settings out of range; DataError for lists that are missing, empty or hold ids outside
  Negatives(const Histories& train, Id items, NegativeSettings settings, std::span<const Id> targets = {})
      : settings_(std::move(settings)), items_(items), users_(train.user_count()) {
    using Kind = NegativeSettings::Kind;
    expects(settings_.count >= 0, "Negatives: count is at least 0, it is ", settings_.count);
    expects(std::isfinite(settings_.alpha) && settings_.alpha >= 0, "Negatives: alpha is finite and at least 0, it is ",
            settings_.alpha);
    expects<DataError>(items_ > 0, "Negatives: the catalogue is empty");
    count(train.items);
    if (settings_.kind == Kind::in_batch && !targets.empty()) count(targets);
    if (settings_.kind == Kind::popularity) make_alias();
    if (settings_.kind == Kind::given) {
      expects<DataError>(settings_.lists && settings_.lists->size() == static_cast<std::size_t>(train.user_count()),
                         "Negatives: one list for each of ", train.user_count(), " users is expected");
      for (std::size_t user = 0; user < settings_.lists->size(); ++user) {
        expects<DataError>(!(*settings_.lists)[user].empty(), "Negatives: the list of user ", user, " is empty");
        for (const Id item : (*settings_.lists)[user])
          expects<DataError>(item >= 0 && item < items_, "Negatives: the list of user ", user, " has item ", item,
                             ", outside the catalogue of ", items_);
      }
    }
    if (settings_.exclude_seen) {
      seen_offsets_ = train.offsets;
      seen_ = train.items;
      for (std::size_t user = 0; user + 1 < seen_offsets_.size(); ++user)
        std::sort(seen_.begin() + static_cast<std::ptrdiff_t>(seen_offsets_[user]),
                  seen_.begin() + static_cast<std::ptrdiff_t>(seen_offsets_[user + 1]));
    }
  }

  Index count() const { return settings_.count; }

  /// Adds whatever decides what is drawn: settings, catalogue, training counts, seen items and given lists.
  ///
  /// Cost: O(catalogue + seen items + lists).
  void add_to(RunningChecksum& sum) const {
    sum.add_values(settings_.kind, settings_.count, settings_.alpha, settings_.exclude_seen, items_, users_);
    if (settings_.kind == NegativeSettings::Kind::popularity || settings_.kind == NegativeSettings::Kind::in_batch)
      sum.add(std::span(counts_));
    sum.add(std::span(seen_offsets_));
    sum.add(std::span(seen_));
    if (settings_.kind == NegativeSettings::Kind::given)
      for (const std::vector<Id>& list : *settings_.lists) sum.add(std::span(list));
  }

  /// Draws the negatives of one example.
  ///
  /// @param random  of this epoch
  /// @param place   of the example among all, so that no two share draws
  /// @param others  targets of the batch, for `in_batch`
  /// @param own     where this example stands among them
  /// @param drawn   (count) overwritten
  /// @throws DataError if the user is outside the training histories
  void operator()(const Random& random, std::uint64_t place, Id user, Id target, std::span<const Id> others,
                  std::size_t own, std::span<Id> drawn) const {
    check_user(user);
    for (std::size_t j = 0; j < drawn.size(); ++j) {
      const std::uint64_t i = place * static_cast<std::uint64_t>(settings_.count) + j;
      const auto excluded = [&](Id item) { return settings_.exclude_seen && (item == target || has_seen(user, item)); };
      std::uint32_t attempt = 0;
      for (; attempt < attempts; ++attempt) {
        drawn[j] = draw(random.stream(attempt), i, user, others, own);
        if (!excluded(drawn[j])) break;
      }
      if (attempt == attempts) draw_left(random.stream(attempts), i, user, others, own, excluded, drawn[j]);
    }
  }

  /// The log probability that one draw gives this item: what a sampled softmax is corrected by. Minus infinity for an
  /// item that is never drawn: by popularity one without training events, one that is not in the user's list.
  ///
  /// Of `in_batch` it is the share of the item among all targets: what holds on average over batches of examples chosen
  /// at random, not for a given batch.
  ///
  /// @param batch  examples of the batch: where they are fewer than two, `in_batch` draws uniformly
  /// @throws ShapeError if seen items are excluded: the target then has no probability to correct by
  /// @throws DataError  if user or item is outside
  double log_probability(Id user, Id item, std::size_t batch = 2) const {
    using Kind = NegativeSettings::Kind;
    check_user(user);
    expects<DataError>(item >= 0 && item < items_, "Negatives: item ", item, " is outside the catalogue of ", items_);
    expects(!settings_.exclude_seen,
            "Negatives: with .exclude_seen no target is ever drawn, so there is no log "
            "probability to correct it by; leave it out (SampledSoftmax leaves out drawn targets by itself)");
    switch (settings_.kind) {
      case Kind::uniform: break;
      case Kind::popularity: return std::log(weights_[static_cast<std::size_t>(item)]);
      case Kind::in_batch:
        if (batch < 2) break;
        return std::log(counts_[static_cast<std::size_t>(item)] / total_);
      case Kind::given: {
        const auto& list = (*settings_.lists)[static_cast<std::size_t>(user)];
        return std::log(static_cast<double>(std::count(list.begin(), list.end(), item)) /
                        static_cast<double>(list.size()));
      }
    }
    return -std::log(static_cast<double>(items_));
  }

 private:
  void count(std::span<const Id> events) {
    counts_.assign(static_cast<std::size_t>(items_), 0);
    for (const Id item : events) {
      expects<DataError>(item >= 0 && item < items_, "Negatives: item ", item, " is outside the catalogue of ", items_);
      ++counts_[static_cast<std::size_t>(item)];
    }
    total_ = static_cast<double>(events.size());
  }
  void check_user(Id user) const {
    expects<DataError>(user >= 0 && user < users_, "Negatives: user ", user, " is outside the ", users_,
                       " users of the training histories");
  }
  Id draw(const Random& random, std::uint64_t i, Id user, std::span<const Id> others, std::size_t own) const {
    using Kind = NegativeSettings::Kind;
    switch (settings_.kind) {
      case Kind::uniform: return static_cast<Id>(random.below(i, static_cast<std::uint64_t>(items_)));
      case Kind::popularity: return alias_(random, i);
      case Kind::in_batch: {
        if (others.size() < 2) return static_cast<Id>(random.below(i, static_cast<std::uint64_t>(items_)));
        const std::uint64_t step = 1 + random.below(i, others.size() - 1);
        return others[(own + step) % others.size()];
      }
      case Kind::given: {
        const auto& list = (*settings_.lists)[static_cast<std::size_t>(user)];
        return list[random.below(i, list.size())];
      }
    }
    return 0;
  }

  /// Draws from what of the catalogue, the batch or the list is not excluded, if anything is.
  void draw_left(const Random& random, std::uint64_t i, Id user, std::span<const Id> others, std::size_t own,
                 const auto& excluded, Id& drawn) const {
    using Kind = NegativeSettings::Kind;
    // Where all weights are 0 it does nothing.
    const auto choose = [&](std::size_t count, const auto& item_of, const auto& weight_of) {
      const auto weight = [&](std::size_t k) { return excluded(item_of(k)) ? 0.0 : weight_of(k); };
      double left = 0;
      for (std::size_t k = 0; k < count; ++k) left += weight(k);
      if (left == 0) return false;
      left *= random.uniform<double>(i);
      for (std::size_t k = 0; k < count && left >= 0; ++k)
        if (const double share = weight(k); share > 0) {
          drawn = item_of(k);
          left -= share;
        }
      return true;
    };
    const auto same = [](std::size_t) { return 1.0; };
    const auto itself = [](std::size_t k) { return static_cast<Id>(k); };
    const auto items = static_cast<std::size_t>(items_);
    if (settings_.kind == Kind::given) {
      const auto& list = (*settings_.lists)[static_cast<std::size_t>(user)];
      choose(
          list.size(), [&](std::size_t k) { return list[k]; }, same);
      return;
    }
    const auto other = [&](std::size_t k) { return k == own ? 0.0 : 1.0; };
    if (settings_.kind == Kind::in_batch && choose(
                                                others.size(), [&](std::size_t k) { return others[k]; }, other))
      return;
    if (settings_.kind == Kind::popularity && choose(items, itself, [&](std::size_t k) { return weights_[k]; })) return;
    choose(items, itself, same);
  }

  bool has_seen(Id user, Id item) const {
    const auto begin = seen_.begin() + static_cast<std::ptrdiff_t>(seen_offsets_[static_cast<std::size_t>(user)]);
    const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(seen_offsets_[static_cast<std::size_t>(user) + 1]);
    return std::binary_search(begin, end, item);
  }

  void make_alias() {
    const auto size = static_cast<std::size_t>(items_);
    weights_.resize(size);
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += weights_[i] = std::pow(counts_[i], settings_.alpha);
    expects<DataError>(sum > 0, "Negatives: there are no training events to draw by popularity from");
    expects<DataError>(math::is_finite(sum), "Negatives: alpha is ", settings_.alpha,
                       ", which makes numbers of events to that power too large");
    for (double& weight : weights_) weight /= sum;
    alias_ = AliasTable(weights_);
  }

  static constexpr std::uint32_t attempts = 100;  // that may give excluded items

  NegativeSettings settings_;
  Id items_, users_;
  std::vector<double> counts_;
  double total_ = 0;
  std::vector<double> weights_;
  AliasTable alias_;
  std::vector<std::size_t> seen_offsets_;
  std::vector<Id> seen_;
};

}  // namespace longshore::inline LONGSHORE_ABI
