// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/inference.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/scratch_scope.hpp>
#include <longshore/retrieval/item_categories.hpp>
#include <longshore/retrieval/top_k_lists.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How many items of a category a list may have.
struct CategoryCapSettings {
  Index most = 3;     ///< items of one category
  bool fill = false;  ///< puts what was left out behind the others, in its order, where a list would be short
};

/// What `CategoryCap` does for each list.
///
/// Cost: O(C categories of an item, C) a list.
template <class Real>
struct CappedLists {
  static inline const std::string label = "longshore::category_cap";
  Index candidates, length, most;
  bool fill;
  const std::size_t* offsets;  // (I + 1) of `categories`
  const Id* categories;        // those of each item
  const Id* items;             // (B, C)
  const Real* scores;          // (B, C)
  bool* taken;                 // (B, C) scratch
  Id* kept_items;              // (B, K)
  Real* kept_scores;           // (B, K)

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t query) const {
#if !LONGSHORE_ON_DEVICE
    cap(query);
#endif
  }

 private:
  void cap(std::int64_t query) const {
    const Id* ids = items + query * candidates;
    bool* taken_here = taken + query * candidates;
    Index kept = 0;
    const auto keep = [&](Index c) {
      taken_here[c] = true;
      kept_items[query * length + kept] = ids[c];
      kept_scores[query * length + kept++] = scores[query * candidates + c];
    };
    for (Index c = 0; c < candidates; ++c) {
      taken_here[c] = ids[c] < 0;
      if (kept < length && ids[c] >= 0 && has_room(ids, taken_here, c)) keep(c);
    }
    for (Index c = 0; fill && c < candidates && kept < length; ++c)
      if (!taken_here[c]) keep(c);
    std::fill_n(kept_items + query * length + kept, length - kept, Id{-1});
    std::fill_n(kept_scores + query * length + kept, length - kept, -std::numeric_limits<Real>::infinity());
  }

  // Counted anew for each item: lists are short, categories may be many.
  bool has_room(const Id* ids, const bool* taken_here, Index c) const {
    for (std::size_t n = offsets[ids[c]]; n < offsets[ids[c] + 1]; ++n) {
      Index count = 0;
      for (Index other = 0; other < c; ++other)
        if (taken_here[other] && ids[other] >= 0 &&
            std::binary_search(categories + offsets[ids[other]], categories + offsets[ids[other] + 1], categories[n]))
          ++count;
      if (count >= most) return false;
    }
    return true;
  }
};

/// Re-ranks lists so that no category takes too many places: walks down a list and leaves out an item one of whose
/// categories has its number already. Items without categories always stay.
///
///     const auto wide = index(context, users, 100, seen);
///     const auto lists = CategoryCap(genres, {.most = 2})(context, wide, 10);
///
/// Cost: O(B C^2) times the categories of an item.
class CategoryCap {
 public:
  /// @param categories  of the items; outlives this
  /// @throws ShapeError if `most` is below 1
  explicit CategoryCap(const ItemCategories& categories, const CategoryCapSettings& settings = {})
      : categories_(&categories), settings_(settings) {
    expects(settings.most > 0, "CategoryCap: expected at least one item of a category, got most = ", settings.most);
  }

  explicit CategoryCap(ItemCategories&&, const CategoryCapSettings& = {}) = delete;  // CategoryCap: name the categories

  /// @param lists   (B, C) candidates, best first; places with -1 are passed over
  /// @param length  K, items to keep; where there are fewer, -1 and minus infinity fill up
  /// @return        (B, K), until the context is reset
  /// @throws ShapeError if `length` is below 1, or items and scores differ in their extents
  /// @throws DataError  if categories are not known of an item
  template <class Real, class Space, class Executor>
  TopKLists<Real, Space> operator()(Inference<Space, Executor>& context, const TopKLists<Real, Space>& lists,
                                    Index length) const {
    check_listed("CategoryCap", lists, length, categories_->items());
    const Index rows = lists.items.extent(0), candidates = lists.items.extent(1);
    const TopKLists<Real, Space> kept{scratch<Id>(context, rows, length), scratch<Real>(context, rows, length)};
    const ScratchScope scope(context);
    for_each(context.executor(), rows,
             CappedLists<Real>{candidates, length, settings_.most, settings_.fill, categories_->item_offsets().data(),
                               categories_->item_categories().data(), lists.items.data(), lists.scores.data(),
                               scratch<bool>(context, rows, candidates).data(), kept.items.data(), kept.scores.data()});
    return kept;
  }

 private:
  const ItemCategories* categories_;
  CategoryCapSettings settings_;
};

}  // namespace longshore::inline LONGSHORE_ABI
