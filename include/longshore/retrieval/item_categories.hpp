// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <longshore/core/check_ids.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which categories each item has, and which items each category: for filters and re-rankers. Host memory.
///
///     const ItemCategories genres(genre_of_item);              // one each, -1 for none
///     const ItemCategories tags(all_tags, offsets);            // any number each
///
/// Cost: of making it O(I + categories + pairs), twice that memory; of asking O(1).
class ItemCategories {
 public:
  ItemCategories() = default;

  /// One category an item.
  ///
  /// @param categories  (I) from 0, or -1 for items that have none
  /// @throws DataError  if one is below -1
  explicit ItemCategories(std::span<const Id> categories) {
    for (std::size_t i = 0; i < categories.size(); ++i) {
      expects<DataError>(categories[i] >= -1, "ItemCategories: expected categories from 0, or -1 for none, item ", i,
                         " has ", categories[i]);
      if (categories[i] >= 0) of_items_.push_back(categories[i]);
      item_offsets_.push_back(of_items_.size());
    }
    turn();
  }

  /// Any number of categories an item.
  ///
  /// @param categories  (N) from 0, item after item; an item's in any order, repeated ones count once
  /// @param offsets     (I + 1) those of item i begin at offsets[i]
  /// @throws DataError  if one is below 0, or offsets do not cut the categories into items
  ItemCategories(std::span<const Id> categories, std::span<const std::size_t> offsets) {
    expects<DataError>(!offsets.empty() && offsets.front() == 0 && offsets.back() == categories.size() &&
                           std::ranges::is_sorted(offsets),
                       "ItemCategories: expected offsets that ascend from 0 to the number of categories, ",
                       categories.size(), ", got ", offsets.size(), " that do not");
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
      for (std::size_t n = offsets[i]; n < offsets[i + 1]; ++n)
        expects<DataError>(categories[n] >= 0, "ItemCategories: expected categories from 0, item ", i, " has ",
                           categories[n]);
      std::vector<Id> its(categories.begin() + static_cast<std::ptrdiff_t>(offsets[i]),
                          categories.begin() + static_cast<std::ptrdiff_t>(offsets[i + 1]));
      std::ranges::sort(its);
      its.erase(std::unique(its.begin(), its.end()), its.end());
      of_items_.insert(of_items_.end(), its.begin(), its.end());
      item_offsets_.push_back(of_items_.size());
    }
    turn();
  }

  /// The number of items, I.
  Index items() const { return static_cast<Index>(item_offsets_.size() - 1); }
  /// The number of categories: one more than the greatest.
  Index categories() const { return static_cast<Index>(category_offsets_.size() - 1); }
  /// The categories of an item, ascending.
  ///
  /// @throws DataError if there is no such item
  std::span<const Id> of_item(Id item) const {
    check_ids("ItemCategories: items", &item, 1, items());
    return part(of_items_, item_offsets_, item);
  }
  /// The items of a category, ascending.
  ///
  /// @throws DataError if there is no such category
  std::span<const Id> of_category(Id category) const {
    check_ids("ItemCategories: categories", &category, 1, categories());
    return part(of_categories_, category_offsets_, category);
  }

  /// (I + 1) where the categories of each item begin, and they, item after item.
  std::span<const std::size_t> item_offsets() const { return item_offsets_; }
  std::span<const Id> item_categories() const { return of_items_; }
  /// (categories + 1) where the items of each category begin, and they, category after category.
  std::span<const std::size_t> category_offsets() const { return category_offsets_; }
  std::span<const Id> category_items() const { return of_categories_; }

 private:
  static std::span<const Id> part(const std::vector<Id>& all, const std::vector<std::size_t>& offsets, Id i) {
    const auto at = static_cast<std::size_t>(i);
    return std::span(all).subspan(offsets[at], offsets[at + 1] - offsets[at]);
  }

  // Items by categories, from categories by items: counted, then put in order of the items.
  void turn() {
    Id greatest = -1;
    for (const Id category : of_items_) greatest = std::max(greatest, category);
    category_offsets_.assign(static_cast<std::size_t>(greatest) + 2, 0);
    for (const Id category : of_items_) ++category_offsets_[static_cast<std::size_t>(category) + 1];
    for (std::size_t c = 1; c < category_offsets_.size(); ++c) category_offsets_[c] += category_offsets_[c - 1];
    of_categories_.resize(of_items_.size());
    std::vector<std::size_t> next(category_offsets_.begin(), category_offsets_.end());
    for (std::size_t i = 0; i + 1 < item_offsets_.size(); ++i)
      for (std::size_t n = item_offsets_[i]; n < item_offsets_[i + 1]; ++n)
        of_categories_[next[static_cast<std::size_t>(of_items_[n])]++] = static_cast<Id>(i);
  }

  std::vector<std::size_t> item_offsets_ = {0}, category_offsets_ = {0};
  std::vector<Id> of_items_, of_categories_;
};

}  // namespace longshore::inline LONGSHORE_ABI
