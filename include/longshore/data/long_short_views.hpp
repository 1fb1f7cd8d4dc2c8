// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/batch.hpp>
#include <longshore/data/example.hpp>
#include <longshore/data/window.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether every example has its own copy of its history, or all examples of a user share one.
enum class Positions {
  separate,  // B examples, B sequences
  one_pass,  // the history of a user is there once, its windows overlap: one pass of a causal encoder serves every position
};

/// What an example sees of its past.
struct LongShortSettings {
  Window long_term = {.last = 50};
  Window short_term = {.last = 10};
  bool short_inside = true;  // steps of the short window are in the long one too; false: they are cut out of it
  Positions positions = Positions::separate;
  double half_life = 0;      // seconds; above 0: a step column "decay", 2^(-age / half_life)
  bool with_times = false;   // a step column "time", seconds
  bool with_values = false;  // a step column "value"
};

/// Makes batches of the long and the short view of examples. Columns of the log travel along, by their names.
///
/// Holds no copy of the events: the histories must outlive it. Const and without state: several threads may fill batches.
class LongShortViews {
 public:
  using Host = Kokkos::DefaultHostExecutionSpace;

  /// @throws ShapeError if a window's numbers are negative, or a window with holes (`frequent`) is to be shared in one pass
  LongShortViews(const Histories& histories, const LongShortSettings& settings)
      : histories_(&histories), settings_(settings) {
    settings_.long_term.check("LongShortViews: long_term");
    settings_.short_term.check("LongShortViews: short_term");
    expects(settings_.half_life >= 0, "LongShortViews: half_life is at least 0, it is ", settings_.half_life);
    expects(contiguous() || settings_.positions == Positions::separate,
            "LongShortViews: a window of frequent items has holes, it cannot share a history in one pass");
  }

  const Histories& histories() const { return *histories_; }
  const LongShortSettings& settings() const { return settings_; }

  /// Fills users, history and windows of a batch; candidates and labels stay empty. Examples of one user shall be neighbours
  /// in ascending order of position if they share a history.
  ///
  /// @throws DataError if an example is not in the histories
  void fill(std::span<const Example> examples, Batch<Host>& batch) const {
    batch.reset();
    const auto count = examples.size();
    const auto users = batch.allocate<Id>(count);
    Plan plan;
    plan.offsets.push_back(0);
    plan.long_term.reserve(count);
    plan.short_term.reserve(count);
    for (std::size_t b = 0; b < count; ++b) {
      const Example& example = examples[b];
      expects<DataError>(example.user >= 0 && example.user < histories_->user_count(), "LongShortViews: user ",
                         example.user, " is outside the ", histories_->user_count(), " users of the histories");
      expects<DataError>(
          example.position >= 0 && static_cast<std::size_t>(example.position) <= histories_->length(example.user),
          "LongShortViews: position ", example.position, " is outside the ", histories_->length(example.user),
          " events of user ", example.user);
      users(static_cast<Index>(b)) = example.user;
      if (settings_.positions == Positions::one_pass)
        b = share(examples, b, users, plan);
      else if (contiguous())
        copy_run(example, plan);
      else
        copy_selection(example, plan);
    }
    batch.users = users;
    write(plan, batch);
  }

 private:
  struct Range {
    Index begin = 0, end = 0;
  };
  /// What a batch will hold: which events are its steps, and the windows over them.
  struct Plan {
    std::vector<std::size_t> events;           // (N) places in the histories
    std::vector<Seconds> now;                  // (N) the moment from which a step is seen; only for decay
    std::vector<Index> offsets;                // (S + 1)
    std::vector<Range> long_term, short_term;  // (B)
  };

  bool contiguous() const { return settings_.long_term.contiguous() && settings_.short_term.contiguous(); }

  std::size_t start_of(Id user) const { return histories_->offsets[static_cast<std::size_t>(user)]; }

  /// The moment of an example: the time of its target, or of the last event where there is no target.
  Seconds moment(const Example& example) const {
    const std::size_t at = start_of(example.user) + static_cast<std::size_t>(example.position);
    const std::size_t end = start_of(example.user) + histories_->length(example.user);
    if (at < end) return histories_->times[at];
    return histories_->length(example.user) > 0 ? histories_->times[end - 1] : 0;
  }
  std::span<const Seconds> times_before(const Example& example) const {
    return {histories_->times.data() + start_of(example.user), static_cast<std::size_t>(example.position)};
  }

  /// Where both windows begin, and where the long one ends, among the events of the user.
  struct Cut {
    Index long_begin, long_end, short_begin;
  };
  Cut cut(const Example& example) const {
    const auto times = times_before(example);
    const Seconds now = moment(example);
    const auto long_begin = static_cast<Index>(settings_.long_term.begin(times, now));
    const auto short_begin = static_cast<Index>(settings_.short_term.begin(times, now));
    return {long_begin, settings_.short_inside ? example.position : std::max(long_begin, short_begin), short_begin};
  }

  void add_step(const Example& example, Index position, Plan& plan) const {
    plan.events.push_back(start_of(example.user) + static_cast<std::size_t>(position));
    if (settings_.half_life > 0) plan.now.push_back(moment(example));
  }
  static void end_sequence(Plan& plan) { plan.offsets.push_back(static_cast<Index>(plan.events.size())); }

  /// Both windows are runs that end at the moment: one sequence holds their union.
  void copy_run(const Example& example, Plan& plan) const {
    const Cut at = cut(example);
    const Index first = std::min(at.long_begin, at.short_begin);
    const Index base = static_cast<Index>(plan.events.size()) - first;
    for (Index position = first; position < example.position; ++position) add_step(example, position, plan);
    end_sequence(plan);
    plan.long_term.push_back({base + at.long_begin, base + at.long_end});
    plan.short_term.push_back({base + at.short_begin, base + example.position});
  }

  /// A window with holes: its steps are a sequence of their own, and so are the other window's.
  void copy_selection(const Example& example, Plan& plan) const {
    const Cut at = cut(example);
    plan.long_term.push_back(add_selected(example, settings_.long_term, at.long_begin, at.long_end, plan));
    plan.short_term.push_back(add_selected(example, settings_.short_term, at.short_begin, example.position, plan));
  }
  Range add_selected(const Example& example, const Window& window, Index begin, Index end, Plan& plan) const {
    const auto first = static_cast<Index>(plan.events.size());
    const Id* items = histories_->items.data() + start_of(example.user);
    const std::vector<Id> kept = window.contiguous() ? std::vector<Id>() : most_frequent(window, items, begin, end);
    for (Index position = begin; position < end; ++position)
      if (window.contiguous() || std::find(kept.begin(), kept.end(), items[position]) != kept.end())
        add_step(example, position, plan);
    end_sequence(plan);
    return {first, static_cast<Index>(plan.events.size())};
  }
  static std::vector<Id> most_frequent(const Window& window, const Id* items, Index begin, Index end) {
    struct Seen {
      Id item;
      Index count, latest;
    };
    std::vector<Seen> seen;
    for (Index position = begin; position < end; ++position) {
      const auto found =
          std::find_if(seen.begin(), seen.end(), [&](const Seen& s) { return s.item == items[position]; });
      if (found == seen.end())
        seen.push_back({items[position], 1, position});
      else
        found->latest = position, ++found->count;
    }
    std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
      return a.count != b.count ? a.count > b.count : a.latest > b.latest;
    });
    std::vector<Id> items_kept;
    for (std::size_t k = 0; k < seen.size() && k < static_cast<std::size_t>(window.frequent); ++k)
      items_kept.push_back(seen[k].item);
    return items_kept;
  }

  /// All neighbouring examples of one user over one copy of the history.
  ///
  /// @return  the last example that was taken
  std::size_t share(std::span<const Example> examples, std::size_t b, View<Id, 1, Host> users, Plan& plan) const {
    std::size_t last = b;
    while (last + 1 < examples.size() && examples[last + 1].user == examples[b].user) {
      expects<DataError>(examples[last + 1].position > examples[last].position, "LongShortViews: examples of user ",
                         examples[b].user, " that share a history must ascend in position");
      ++last;
    }
    const auto base = static_cast<Index>(plan.events.size());
    for (Index position = 0; position < examples[last].position; ++position) add_step(examples[last], position, plan);
    end_sequence(plan);
    for (std::size_t i = b; i <= last; ++i) {
      users(static_cast<Index>(i)) = examples[i].user;
      const Cut at = cut(examples[i]);
      plan.long_term.push_back({base + at.long_begin, base + at.long_end});
      plan.short_term.push_back({base + at.short_begin, base + examples[i].position});
    }
    return last;
  }

  static Windows<Host> windows(const std::vector<Range>& ranges, Batch<Host>& batch) {
    const auto count = ranges.size();
    const auto begin = batch.allocate<Index>(count), end = batch.allocate<Index>(count);
    const auto pairs = batch.allocate<Index>(count + 1);
    std::int64_t sum = 0;
    Index longest = 0;
    pairs(0) = 0;
    for (std::size_t b = 0; b < count; ++b) {
      const auto i = static_cast<Index>(b);
      begin(i) = ranges[b].begin;
      end(i) = ranges[b].end;
      sum += ranges[b].end - ranges[b].begin;
      expects<DataError>(sum <= INT32_MAX, "LongShortViews: the windows of this batch have more than 2^31 steps");
      pairs(i + 1) = static_cast<Index>(sum);
      longest = std::max(longest, ranges[b].end - ranges[b].begin);
    }
    return {begin, end, pairs, static_cast<Index>(sum), longest};
  }

  void write(const Plan& plan, Batch<Host>& batch) const {
    const auto steps = plan.events.size();
    const auto items = batch.allocate<Id>(steps);
    for (std::size_t n = 0; n < steps; ++n) items(static_cast<Index>(n)) = histories_->items[plan.events[n]];
    batch.history.items = items;
    const auto offsets = batch.allocate<Index>(plan.offsets.size());
    Index longest = 0;
    for (std::size_t s = 0; s < plan.offsets.size(); ++s) {
      offsets(static_cast<Index>(s)) = plan.offsets[s];
      if (s > 0) longest = std::max(longest, plan.offsets[s] - plan.offsets[s - 1]);
    }
    batch.history.offsets = {offsets, longest};
    batch.long_term = windows(plan.long_term, batch);
    batch.short_term = windows(plan.short_term, batch);
    for (const std::string& name : histories_->columns.names()) {
      const std::string_view kind = histories_->columns.kind(name);
      if (kind == "float") gather(name, histories_->columns.get<float>(name).data(), plan, batch);
      if (kind == "Id") gather(name, histories_->columns.get<Id>(name).data(), plan, batch);
      if (kind == "Seconds") gather(name, histories_->columns.get<Seconds>(name).data(), plan, batch);
    }
    if (settings_.with_times) gather("time", histories_->times.data(), plan, batch);
    if (settings_.with_values) gather("value", histories_->values.data(), plan, batch);
    if (settings_.half_life > 0) {
      const auto decay = batch.allocate<float>(steps);
      for (std::size_t n = 0; n < steps; ++n)
        decay(static_cast<Index>(n)) = static_cast<float>(
            std::exp2(-static_cast<double>(plan.now[n] - histories_->times[plan.events[n]]) / settings_.half_life));
      batch.history.columns.set<float>("decay", decay);
    }
  }
  template <class T>
  static void gather(std::string_view name, const T* from, const Plan& plan, Batch<Host>& batch) {
    const auto column = batch.allocate<T>(plan.events.size());
    for (std::size_t n = 0; n < plan.events.size(); ++n) column(static_cast<Index>(n)) = from[plan.events[n]];
    batch.history.columns.set<T>(name, column);
  }

  const Histories* histories_;
  LongShortSettings settings_;
};

}  // namespace longshore::inline LONGSHORE_ABI
