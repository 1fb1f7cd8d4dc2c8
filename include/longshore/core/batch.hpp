// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>

#include <longshore/core/arena_allocator.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/step_columns.hpp>
#include <longshore/core/windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The steps of a batch: item ids, which sequence each step belongs to, and any number of named columns beside.
template <class Space>
struct History {
  View<const Id, 1, Space> items;  // (N)
  Offsets<Space> offsets;          // (S + 1) sequences that encoders walk and never cross
  StepColumns<Space> columns;      // (N) each
};

/// What a model sees at once: B examples, each a user at a moment, with candidates to score.
///
/// The long and the short view of each example are windows over the rows of one history, so both are embedded once.
/// When every example has its own copy of the history, S = B; when all positions of a user are trained in one pass, S
/// is the number of users, B the number of positions, and the windows overlap. `data/` makes batches; a batch of one's
/// own needs only what one's model and loss read, and `int size() const`.
///
/// Owns the memory that its views point into; refilling it allocates nothing after the first ones.
///
/// Cost: memory 4 bytes for each number of its views; `reset` and `allocate` O(1) after the first batches.
template <class Space>
class Batch {
 public:
  using space = Space;

  View<const Id, 1, Space> users;       // (B)
  History<Space> history;               // N steps
  Windows<Space> long_term;             // (B) windows over the steps
  Windows<Space> short_term;            // (B) windows over the steps
  View<const Id, 2, Space> candidates;  // (B, C) items to score
  View<const float, 2, Space> labels;   // (B, C) 1: chosen, 0: not; or empty
  View<const float, 2, Space> weights;  // (B, C) of the examples; or empty: 1 each
  View<const float, 2, Space> log_q;    // (B, C) log probability that a candidate was sampled; or empty

  Batch() = default;
  Batch(Batch&& other) noexcept { *this = std::move(other); }
  Batch& operator=(Batch&& other) noexcept {  // What was moved from is empty.
    if (this == &other) return *this;
    users = other.users;
    history = std::move(other.history);
    long_term = other.long_term;
    short_term = other.short_term;
    candidates = other.candidates;
    labels = other.labels;
    weights = other.weights;
    log_q = other.log_q;
    memory_ = std::move(other.memory_);
    other.reset();
    return *this;
  }
  Batch(const Batch&) = delete;  // Views of a copy would point into the first: copy_batch fills another batch.
  Batch& operator=(const Batch&) = delete;

  /// Number of examples, B.
  int size() const { return users.extent(0); }

  /// Forgets the content; the memory stays.
  void reset() {
    memory_.reset();
    users = {};
    history.items = {};
    history.offsets = {};
    history.columns.clear();
    long_term = short_term = {};
    candidates = {};
    labels = weights = log_q = {};
  }

  /// Memory of this batch, to be filled and then assigned to one of the views.
  ///
  /// @throws ShapeError for extents that an array cannot have; see `expects_extents`
  template <class T, class... Extents>
  View<T, sizeof...(Extents), Space> allocate(Extents... extents) {
    expects_extents("Batch::allocate", extents...);
    View<T, sizeof...(Extents), Space> view(nullptr, extents...);
    view.pointer = static_cast<T*>(memory_.allocate(sizeof(T) * view.size()));
    return view;
  }
  /// An empty list in the memory of this batch, for those who make one on the host; it ends with the content.
  template <class T>
  ArenaList<T> list() {
    return ArenaList<T>(ArenaAllocator<T>(memory_));
  }

 private:
  Arena<typename Space::memory_space> memory_;
};

/// Copies a batch to another space. Blocks.
///
/// Cost: O(bytes), one copy for each array.
///
/// @param to  overwritten
template <class From, class To>
void copy_batch(const Batch<From>& from, Batch<To>& to) {
  to.reset();
  const auto same = [&]<class T, int Rank>(const View<const T, Rank, From>& source) {
    View<T, Rank, To> target;
    for (int r = 0; r < Rank; ++r) target.extents[r] = source.extent(r);
    if (!source.data()) return View<const T, Rank, To>(target);
    target.pointer = to.template allocate<T>(source.size()).data();
    copy(source, target);
    return View<const T, Rank, To>(target);
  };
  const auto windows = [&](const Windows<From>& source) {
    return Windows<To>(same(source.begin), same(source.end), same(source.pairs), source.pair_count, source.longest);
  };
  to.users = same(from.users);
  to.history.items = same(from.history.items);
  to.history.offsets = {same(from.history.offsets.view), from.history.offsets.longest, from.history.offsets.head_start};
  for (const auto& column : from.history.columns.all())
    std::visit([&](const auto& array) { to.history.columns.set(column.name, same(array)); }, column.array);
  to.long_term = windows(from.long_term);
  to.short_term = windows(from.short_term);
  to.candidates = same(from.candidates);
  to.labels = same(from.labels);
  to.weights = same(from.weights);
  to.log_q = same(from.log_q);
}

}  // namespace longshore::inline LONGSHORE_ABI
