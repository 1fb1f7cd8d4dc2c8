// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include <longshore/core/batch.hpp>
#include <longshore/data/example.hpp>
#include <longshore/data/long_short_settings.hpp>
#include <longshore/data/most_frequent_items.hpp>
#include <longshore/data/windows_of.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes batches of the long and the short view of examples. Columns of the log travel along, by their names.
///
/// Holds no copy of the events: the histories must outlive it. Const and without state: several threads may fill
/// batches.
///
/// Cost: of a batch O(N + B log T) for the N steps that it holds; in one pass N counts each history once. A window of
/// frequent items costs O(n log n) more for the n events that it chooses from, which `last` and the like bound. Memory
/// for it all is the batch's: nothing is allocated after the first ones.
class LongShortViews {
 public:
  using Host = Kokkos::DefaultHostExecutionSpace;

  /// @throws ShapeError, DataError for settings that do not fit, or not the histories (`LongShortSettings::check`)
  LongShortViews(const Histories& histories, const LongShortSettings& settings)
      : histories_(&histories), settings_(settings) {
    settings_.check("LongShortViews", histories);
  }
  LongShortViews(const Histories&&, const LongShortSettings&) = delete;  // they would be gone

  const Histories& histories() const { return *histories_; }
  const LongShortSettings& settings() const { return settings_; }

  /// Fills users, history and windows of a batch; candidates and labels stay empty. Examples of one user shall be
  /// neighbours in ascending order of position if they share a history.
  ///
  /// Windows by time look back from the time of the example's event, which for a request, behind the last event, is
  /// that of the last event itself: its session is never over. `now` says when the request comes.
  ///
  /// @param now  (B) the moment of each example, not before the events of its history; empty: the times of the events
  /// @throws DataError  if an example is not in the histories, its moment is before its history, or the windows have
  ///                    2^31 steps or more together
  /// @throws ShapeError if `now` has another length
  void fill(std::span<const Example> examples, Batch<Host>& batch, std::span<const Seconds> now = {}) const {
    batch.reset();
    refill(examples, batch, now);
  }
  /// The same for a batch that was reset before, in whose memory the examples may lie.
  ///
  /// @throws DataError, ShapeError as `fill`
  void refill(std::span<const Example> examples, Batch<Host>& batch, std::span<const Seconds> now = {}) const {
    const auto count = examples.size();
    expects(now.empty() || now.size() == count, "LongShortViews: ", now.size(), " moments for ", count, " examples");
    const auto users = batch.allocate<Id>(count);
    Plan plan{batch, now};
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
      else if (settings_.contiguous())
        copy_run(example, cut(example, b, plan), plan);
      else
        copy_selection(example, cut(example, b, plan), plan);
    }
    batch.users = users;
    write(plan, batch);
  }

 private:
  struct Range {
    Index begin, end;
  };
  /// What a batch will hold: which events are its steps, and the windows over them.
  struct Plan {
    Batch<Host>& batch;
    std::span<const Seconds> now;                               // (B), or empty
    ArenaList<std::size_t> events = batch.list<std::size_t>();  // (N) places in the histories
    ArenaList<LogWeight> decay = batch.list<LogWeight>();       // (N) only if there is a half-life
    ArenaList<Index> offsets = batch.list<Index>();             // (S + 1)
    ArenaList<Range> long_term = batch.list<Range>();           // (B)
    ArenaList<Range> short_term = batch.list<Range>();          // (B)
    ArenaList<Index> steps = batch.list<Index>();               // of a window that may have holes
    ArenaList<Id> items = batch.list<Id>();                     // of these steps
    MostFrequentItems<ArenaAllocator<Id>> frequent{items.get_allocator()};
  };

  std::size_t start_of(Id user) const { return histories_->offsets[static_cast<std::size_t>(user)]; }

  /// The moment of an example: `now`, or the time of its target, or of the last event where there is no target.
  Seconds moment(const Example& example, std::size_t b, const Plan& plan) const {
    const std::size_t start = start_of(example.user), at = start + static_cast<std::size_t>(example.position);
    const std::size_t end = start + histories_->length(example.user);
    if (plan.now.empty()) return start == end ? 0 : histories_->times[std::min(at, end - 1)];
    const Seconds now = plan.now[b];
    expects<DataError>(at == start || now >= histories_->times[at - 1], "LongShortViews: the moment ", now,
                       " of example ", b, " is before the last event of its history");
    return now;
  }
  std::span<const Seconds> times_before(const Example& example) const {
    return {histories_->times.data() + start_of(example.user), static_cast<std::size_t>(example.position)};
  }

  /// Where both windows begin, and where the long one ends, among the events of the user.
  struct Cut {
    Index long_begin, long_end, short_begin;
  };
  Cut cut(const Example& example, std::size_t b, const Plan& plan) const {
    const auto times = times_before(example);
    const Seconds now = moment(example, b, plan);
    const auto long_begin = static_cast<Index>(settings_.long_term.begin(times, now));
    const auto short_begin = static_cast<Index>(settings_.short_term.begin(times, now));
    return {long_begin, settings_.short_inside ? example.position : std::max(long_begin, short_begin), short_begin};
  }

  void add_step(const Example& example, Index position, Plan& plan) const {
    const std::size_t start = start_of(example.user), event = start + static_cast<std::size_t>(position);
    plan.events.push_back(event);
    if (settings_.half_life > 0) plan.decay.push_back(decay(start, event));
  }
  /// Counted from the user's first event, whichever the example: the same number for each window that holds the event.
  LogWeight decay(std::size_t start, std::size_t event) const {
    const auto seconds =
        static_cast<std::uint64_t>(histories_->times[event]) - static_cast<std::uint64_t>(histories_->times[start]);
    // Stamps are whole seconds: half-lives below a microsecond weigh alike, and their ages have no numbers any more.
    return {static_cast<double>(seconds) / std::max(settings_.half_life, 1e-6)};
  }
  static void end_sequence(Plan& plan) { plan.offsets.push_back(static_cast<Index>(plan.events.size())); }

  /// Both windows are runs that end at the moment: one sequence holds their union, and what came before if asked to.
  void copy_run(const Example& example, const Cut& at, Plan& plan) const {
    const Index first = settings_.from_first_step ? 0 : std::min(at.long_begin, at.short_begin);
    const Index base = static_cast<Index>(plan.events.size()) - first;
    for (Index position = first; position < example.position; ++position) add_step(example, position, plan);
    end_sequence(plan);
    plan.long_term.push_back({base + at.long_begin, base + at.long_end});
    plan.short_term.push_back({base + at.short_begin, base + example.position});
  }

  /// A window with holes: its steps are a sequence of their own, and so are the other window's.
  void copy_selection(const Example& example, const Cut& at, Plan& plan) const {
    const auto add_short = [&] {
      plan.short_term.push_back(add_selected(example, settings_.short_term, at.short_begin, example.position, plan));
    };
    // A short window with holes comes first, so that the long one knows which steps are cut out of it.
    const bool has_holes = !settings_.short_inside && !settings_.short_term.contiguous();
    if (has_holes) add_short();
    plan.long_term.push_back(add_selected(example, settings_.long_term, at.long_begin,
                                          has_holes ? example.position : at.long_end, plan,
                                          has_holes ? plan.short_term.back() : Range()));
    if (!has_holes) add_short();
  }
  Range add_selected(const Example& example, const Window& window, Index begin, Index end, Plan& plan,
                     Range without = {0, 0}) const {
    const std::size_t start = start_of(example.user);
    const auto first = static_cast<Index>(plan.events.size());
    plan.steps.clear(), plan.items.clear();
    for (Index position = begin; position < end; ++position) {
      const std::size_t event = start + static_cast<std::size_t>(position);
      const auto left_out = [&] { return plan.events[static_cast<std::size_t>(without.begin)]; };
      while (without.begin < without.end && left_out() < event) ++without.begin;
      if (without.begin < without.end && left_out() == event) continue;
      plan.steps.push_back(position), plan.items.push_back(histories_->items[event]);
    }
    if (!window.contiguous()) plan.frequent.find(plan.items, window.frequent);
    for (std::size_t n = 0; n < plan.steps.size(); ++n)
      if (window.contiguous() || plan.frequent.has(plan.items[n])) add_step(example, plan.steps[n], plan);
    end_sequence(plan);
    return {first, static_cast<Index>(plan.events.size())};
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
      const Cut at = cut(examples[i], i, plan);
      expects<DataError>(plan.now.empty() || i == b || plan.now[i] >= plan.now[i - 1],
                         "LongShortViews: the moments of ", "user ", examples[b].user,
                         ", whose examples share a history, must not descend");
      plan.long_term.push_back({base + at.long_begin, base + at.long_end});
      plan.short_term.push_back({base + at.short_begin, base + examples[i].position});
    }
    return last;
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
    batch.history.offsets = {offsets, longest, settings_.head_start()};
    batch.long_term = windows_of(plan.long_term, batch);
    batch.short_term = windows_of(plan.short_term, batch);
    histories_->columns.for_each(
        [&](std::string_view name, const auto& values) { gather(name, values.data(), plan, batch); });
    if (settings_.with_times) gather("time", histories_->times.data(), plan, batch);
    if (settings_.with_values) gather("value", histories_->values.data(), plan, batch);
    if (settings_.half_life > 0) {
      const auto decay = batch.allocate<LogWeight>(steps);
      std::copy(plan.decay.begin(), plan.decay.end(), decay.data());
      batch.history.columns.set<LogWeight>("decay", decay);
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
