// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include <longshore/baselines/check_histories.hpp>
#include <longshore/baselines/check_request.hpp>
#include <longshore/baselines/item_users.hpp>
#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/math.hpp>
#include <longshore/data/histories.hpp>
#include <longshore/metrics/check_item_ids.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How an item-kNN is made.
struct ItemKnnSettings {
  Index neighbours = 100;     ///< k: the most similar items that every item keeps, equal ones by the lowest id
  double shrinkage = 10;      ///< takes away from similarities that few users support
  std::stop_token stop = {};  ///< gives the neighbours up, by `Interrupted`, before the next item
};

/// Scores items by how similar they are to those of the history: who has one of them tends to have the other.
///
///   similarity(i, j) = c_ij / (sqrt(c_i c_j) + shrinkage)          c_i, c_ij: users who have i, who have i and j
///   score(i) = sum_{j in history} [i among the k neighbours of j] similarity(i, j)
///
/// Every different item of the history counts once. Source: Deshpande and Karypis 2004; shrinkage: Bell and Koren 2007.
///
/// Models: Baseline. State: k neighbours an item, 8 bytes each. Cost: O(sum over users of the square of their different
/// items) to count, one thread, with O(I) scratch; O(I + k history) to score.
class ItemKnn {
 public:
  /// @param train  order and repetitions do not matter
  /// @param items  size of the catalogue, I
  /// @throws ShapeError if offsets or settings do not fit, or the catalogue is empty
  /// @throws DataError  if an item is outside the catalogue
  /// @throws Interrupted if a stop was requested
  ItemKnn(const Histories& train, Index items, const ItemKnnSettings& settings = {}) {
    check_histories("ItemKnn", train, items);
    expects(settings.neighbours >= 1, "ItemKnn: expected at least one neighbour, got ", settings.neighbours);
    expects(settings.shrinkage >= 0 && math::is_finite(settings.shrinkage),
            "ItemKnn: expected a shrinkage of at least 0, got ", settings.shrinkage);
    const ItemUsers pairs(train, items);
    std::vector<std::uint32_t> together(pairs.items());  // (I) users who have both; zero between items
    std::vector<Neighbour> candidates;
    const auto better = [](const Neighbour& a, const Neighbour& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.item < b.item;
    };
    offsets_.reserve(pairs.items() + 1);
    for (std::size_t j = 0; j < pairs.items(); ++j) {
      expects<Interrupted>(!settings.stop.stop_requested(), "ItemKnn: stopped before item ", j, " of ", pairs.items());
      candidates.clear();
      for (const Id user : pairs.users_of(j))
        for (const Id item : pairs.items_of(static_cast<std::size_t>(user)))
          if (together[static_cast<std::size_t>(item)]++ == 0) candidates.push_back({item, 0});
      std::erase_if(candidates, [&](const Neighbour& candidate) { return candidate.item == static_cast<Id>(j); });
      together[j] = 0;
      const auto own = static_cast<double>(pairs.users_of(j).size());
      for (Neighbour& candidate : candidates) {
        const auto i = static_cast<std::size_t>(candidate.item);
        const auto other = static_cast<double>(pairs.users_of(i).size());
        candidate.similarity = static_cast<float>(together[i] / (std::sqrt(own * other) + settings.shrinkage));
        together[i] = 0;
      }
      const std::size_t kept = std::min(candidates.size(), static_cast<std::size_t>(settings.neighbours));
      const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(kept);
      if (kept < candidates.size()) std::nth_element(candidates.begin(), end, candidates.end(), better);
      std::sort(candidates.begin(), end, better);
      neighbours_.insert(neighbours_.end(), candidates.begin(), end);
      offsets_.push_back(neighbours_.size());
    }
  }

  /// Another item and how similar it is.
  struct Neighbour {
    Id item;
    float similarity;  ///< above 0, at most 1
  };

  std::string_view name() const { return "item-knn"; }
  Index items() const { return static_cast<Index>(offsets_.size() - 1); }

  /// The most similar items, best first: also what "more like this" shows.
  ///
  /// @throws DataError if the item is outside the catalogue
  std::span<const Neighbour> neighbours(Id item) const {
    check_item_ids("ItemKnn::neighbours", "arguments", std::span<const Id>(&item, 1), items());
    return neighbours_of(item);
  }

  /// @param history  order and repetitions do not matter
  /// @param out      (I) overwritten; 0 where no neighbour is in the history
  /// @throws ShapeError if out has another length
  /// @throws DataError  if an item of the history is outside the catalogue
  void scores(std::span<const Id> history, std::span<float> out) const {
    check_request("ItemKnn::scores", history, out, items());
    std::vector<Id> different(history.begin(), history.end());
    std::sort(different.begin(), different.end());
    different.erase(std::unique(different.begin(), different.end()), different.end());
    std::fill(out.begin(), out.end(), 0.0F);
    for (const Id item : different)
      for (const Neighbour& neighbour : neighbours_of(item))
        out[static_cast<std::size_t>(neighbour.item)] += neighbour.similarity;
  }

 private:
  std::span<const Neighbour> neighbours_of(Id item) const {
    const auto j = static_cast<std::size_t>(item);
    return std::span<const Neighbour>(neighbours_).subspan(offsets_[j], offsets_[j + 1] - offsets_[j]);
  }

  std::vector<std::size_t> offsets_ = {0};  // (I+1)
  std::vector<Neighbour> neighbours_;       // by item, best first
};

}  // namespace longshore::inline LONGSHORE_ABI
