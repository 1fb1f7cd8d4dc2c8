// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/kernels/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `select_scores`, which says what it computes.
template <class Real>
struct SelectScores {
  static inline const std::string label = "longshore::select_scores";
  const Real* scores;  // (B, I)
  Index count, k;      // I; entries of a list
  const std::int64_t* removed_offsets;
  const Id* removed;
  ScoredItem<Real>* lists;  // (B, top_k_capacity(k))
  std::int64_t capacity;
  Id* items;         // (B, K)
  Real* of_items;    // (B, K)
  Index list_width;  // K
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t query) const {
#if !LONGSHORE_ON_DEVICE
    select(query);
#endif
  }

 private:
  void select(std::int64_t query) const {
    const Real* row = scores + query * count;
    ScoredItem<Real>* list = lists + query * capacity;
    const Id *next = nullptr, *end = nullptr;  // of the removed items, which ascend
    if (removed_offsets) {
      next = removed + removed_offsets[query];
      end = removed + removed_offsets[query + 1];
    }
    Real least = -std::numeric_limits<Real>::infinity();
    std::int64_t size = 0;
    for (Index i = 0; i < count; ++i) {
      if (next != end && *next == i) {
        ++next;
        continue;
      }
      if (!(row[i] > least)) continue;  // ids ascend: of equal scores the first stay
      list[size++] = {row[i], i};
      if (size < capacity) continue;
      std::nth_element(list, list + (k - 1), list + size);
      size = k;
      least = list[k - 1].score;
    }
    std::sort(list, list + size);
    for (Index j = 0; j < list_width; ++j) {
      const bool there = j < size && j < k;
      items[query * list_width + j] = there ? list[j].item : Id{-1};
      of_items[query * list_width + j] = there ? list[j].score : -std::numeric_limits<Real>::infinity();
    }
  }
};

/// The k items of highest score of each row of scores that are in memory, best first, equal ones by ascending ids. On a
/// host. Does not wait.
///
/// A score that is minus infinity or not a number is never listed.
///
/// Cost: O(B I); scratch B top_k_capacity(k) entries.
///
/// @param scores   (B, I)
/// @param removed  offsets (B+1) and ids, ascending, that a row must not be given; null for none
/// @param k        at least 1
/// @param lists    (B, top_k_capacity(k)) scratch
/// @param items    (B, K) overwritten, K at least k; -1 where there are fewer
/// @param best     (B, K) overwritten; minus infinity where there are fewer
template <class Real, class Space, class Executor>
void select_scores(const Executor& executor, View<const Real, 2, Space> scores, const std::int64_t* removed_offsets,
                   const Id* removed, Index k, View<ScoredItem<Real>, 2, Space> lists, View<Id, 2, Space> items,
                   View<Real, 2, Space> best) {
  static_assert(is_host_space<Space>, "select_scores works on a host");
  for_each(executor, scores.extent(0),
           SelectScores<Real>{scores.data(), scores.extent(1), k, removed_offsets, removed, lists.data(),
                              std::int64_t{lists.extent(1)}, items.data(), best.data(), items.extent(1)});
}

}  // namespace longshore::inline LONGSHORE_ABI
