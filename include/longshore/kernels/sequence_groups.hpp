// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/for_each.hpp>
#include <longshore/core/sequences.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sequences that are put in order among themselves by `order_by_length`; whole groups.
inline constexpr Index ordered_together = 1200;

/// The body of `order_by_length`, which says what it computes.
template <class Space>
struct OrderByLength {
  static inline const std::string label = "longshore::order_by_length";
  Offsets<Space> offsets;
  Index* order;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t position) const {
    const auto b = static_cast<Index>(position);
    const Index first = b / ordered_together * ordered_together;
    const Index last = first + ordered_together < offsets.count() ? first + ordered_together : offsets.count();
    const Index* rows = offsets.view.data();
    const Index length = rows[b + 1] - rows[b];
    Index before = 0;
    for (Index other = first; other < b; ++other) before += rows[other + 1] - rows[other] >= length ? 1 : 0;
    for (Index other = b + 1; other < last; ++other) before += rows[other + 1] - rows[other] > length ? 1 : 0;
    order[first + before] = b;
  }
};

/// Puts the sequences of a batch in order, longest first, equal ones as they come. Does not wait.
///
/// Batches over `ordered_together` are ordered piece by piece. Cost: O(B min(B, ordered_together)).
///
/// @param order  (B) overwritten
template <class Space, class Executor>
void order_by_length(const Executor& executor, const Offsets<Space>& offsets, View<Index, 1, Space> order) {
  for_each(executor, offsets.count(), OrderByLength<Space>{offsets, order.data()});
}

/// Sequences of similar length that one team walks through together, step by step, forward or in reverse.
///
/// The i-th of a group has slot i. They are sorted by length, so that those still running fill the first slots.
///
/// Cost: `running` O(slots), every other question O(1); no memory of its own.
template <class Space>
struct SequenceGroups {
  /// Slots of a group: on a host the rows of a register tile; a device needs many groups to be busy.
  static constexpr Index slots = is_host_space<Space> ? 12 : 2;
  static_assert(ordered_together % slots == 0);

  Offsets<Space> offsets;             // (B + 1)
  View<const Index, 1, Space> order;  // (B) from `order_by_length`
  bool reverse = false;               // from the last step of a sequence to its first

  /// Number of groups.
  KOKKOS_INLINE_FUNCTION Index count() const { return chunk_count(offsets.count(), slots); }
  /// Sequences in a group: `slots`, or fewer in the last one.
  KOKKOS_INLINE_FUNCTION Index size(Index group) const {
    const Index left = offsets.count() - group * slots;
    return left < slots ? left : slots;
  }
  /// Which sequence has a slot.
  KOKKOS_INLINE_FUNCTION Index sequence(Index group, Index slot) const { return order(group * slots + slot); }
  /// Its steps.
  KOKKOS_INLINE_FUNCTION Index length(Index group, Index slot) const {
    const Index b = sequence(group, slot);
    return offsets.end(b) - offsets.begin(b);
  }
  /// The row of step t of the walk.
  KOKKOS_INLINE_FUNCTION Index row(Index group, Index slot, Index t) const {
    const Index b = sequence(group, slot);
    return reverse ? offsets.end(b) - 1 - t : offsets.begin(b) + t;
  }
  /// How many of the first slots are longer than t, if at most `known` are.
  KOKKOS_INLINE_FUNCTION Index running(Index group, Index t, Index known) const {
    while (known > 0 && length(group, known - 1) <= t) --known;
    return known;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
