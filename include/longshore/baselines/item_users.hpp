// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Who has what, once each: the 0/1 matrix of users and items by rows and by columns. What both kNN baselines count in.
///
/// State: 8 bytes a different pair of user and item, offsets. Cost: O(N log of the longest history) to make.
class ItemUsers {
 public:
  /// @param histories  checked already; order and repetitions do not matter
  /// @param items      size of the catalogue, I
  ItemUsers(const Histories& histories, Index items) {
    item_offsets_.reserve(histories.offsets.size());
    std::vector<Id> row;
    user_offsets_.assign(static_cast<std::size_t>(items) + 1, 0);
    for (std::size_t u = 0; u + 1 < histories.offsets.size(); ++u) {
      row.assign(histories.items.begin() + static_cast<std::ptrdiff_t>(histories.offsets[u]),
                 histories.items.begin() + static_cast<std::ptrdiff_t>(histories.offsets[u + 1]));
      std::sort(row.begin(), row.end());
      row.erase(std::unique(row.begin(), row.end()), row.end());
      items_.insert(items_.end(), row.begin(), row.end());
      item_offsets_.push_back(items_.size());
      for (const Id item : row) ++user_offsets_[static_cast<std::size_t>(item) + 1];
    }
    for (std::size_t i = 1; i < user_offsets_.size(); ++i) user_offsets_[i] += user_offsets_[i - 1];
    users_.resize(items_.size());
    std::vector<std::size_t> place(user_offsets_.begin(), user_offsets_.end() - 1);
    for (std::size_t u = 0; u < users(); ++u)
      for (const Id item : items_of(u)) users_[place[static_cast<std::size_t>(item)]++] = static_cast<Id>(u);
  }

  std::size_t users() const { return item_offsets_.size() - 1; }
  std::size_t items() const { return user_offsets_.size() - 1; }

  /// The items of a user, ascending.
  std::span<const Id> items_of(std::size_t user) const {
    return std::span<const Id>(items_).subspan(item_offsets_[user], item_offsets_[user + 1] - item_offsets_[user]);
  }

  /// The users of an item, ascending.
  std::span<const Id> users_of(std::size_t item) const {
    return std::span<const Id>(users_).subspan(user_offsets_[item], user_offsets_[item + 1] - user_offsets_[item]);
  }

 private:
  std::vector<std::size_t> item_offsets_ = {0};  // (U+1)
  std::vector<Id> items_;                        // by user
  std::vector<std::size_t> user_offsets_;        // (I+1)
  std::vector<Id> users_;                        // by item
};

}  // namespace longshore::inline LONGSHORE_ABI
