// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <longshore/baselines/check_histories.hpp>
#include <longshore/baselines/check_request.hpp>
#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scores every item by how many training events it has, the same for everybody.
///
/// Models: Baseline. State: counts (I). Cost: O(N) to count, O(I) to score.
class Popularity {
 public:
  /// @param train  only their items count
  /// @param items  size of the catalogue, I
  /// @throws ShapeError if offsets do not fit, or the catalogue is empty
  /// @throws DataError  if an item is outside the catalogue
  Popularity(const Histories& train, Index items) {
    check_histories("Popularity", train, items);
    counts_.resize(static_cast<std::size_t>(items));
    for (const Id item : train.items) ++counts_[static_cast<std::size_t>(item)];
  }

  std::string_view name() const { return "popularity"; }
  Index items() const { return static_cast<Index>(counts_.size()); }

  /// Training events of each item: `novelty` and `popularity_lift` take them.
  ///
  /// @return (I)
  std::span<const std::size_t> counts() const { return counts_; }

  /// @param history  does not matter
  /// @param out      (I) overwritten with the counts; exact up to 2^24 events an item
  /// @throws ShapeError if out has another length
  /// @throws DataError  if an item of the history is outside the catalogue
  void scores(std::span<const Id> history, std::span<float> out) const {
    check_request("Popularity::scores", history, out, items());
    std::transform(counts_.begin(), counts_.end(), out.begin(),
                   [](std::size_t count) { return static_cast<float>(count); });
  }

 private:
  std::vector<std::size_t> counts_;  // (I)
};

}  // namespace longshore::inline LONGSHORE_ABI
