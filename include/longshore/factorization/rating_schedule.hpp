// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <longshore/core/tensor.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/kernels/rating_blocks.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The memory of `RatingBlocks`, for one epoch: as many groups of users as of items, each with about the same number of
/// ratings.
///
///     const RatingSchedule<Real, Space> schedule(executor, interactions, 0, item_bytes);
///     visit_rating_blocks(executor, schedule.blocks(), step);
///     const double error = schedule.mean_loss();
///
/// Cost: O(G log U) to make; memory 8 bytes a user.
template <class Real, class Space>
class RatingSchedule {
 public:
  /// @param groups      G, at most as many as there are users or items; 0: what suits the sizes
  /// @param item_bytes  what an entry reads and writes of an item
  template <class Executor>
  RatingSchedule(const Executor& executor, const Interactions<Real, Space>& interactions, Index groups,
                 std::int64_t item_bytes)
      : cursors_(interactions.users()) {
    const Index most = std::min(interactions.users(), interactions.items());
    const Index count = groups > 0 ? std::min(groups, most)
                                   : rating_groups<Space>(interactions.users(), interactions.items(),
                                                          interactions.entries(), item_bytes);
    user_cuts_ = Tensor<Index, 1, Space>(count + 1);
    item_cuts_ = Tensor<Index, 1, Space>(count + 1);
    losses_ = Tensor<double, 2, Space>(count, 2);
    cut_rows(executor, interactions.by_user().offsets, 0, interactions.users(), count, user_cuts_.data());
    cut_rows(executor, interactions.by_item().offsets, 0, interactions.items(), count, item_cuts_.data());
    blocks_ = {interactions.by_user(), count,           count,         user_cuts_.data(),
               item_cuts_.data(),      cursors_.data(), losses_.data()};
  }

  const RatingBlocks<Real, Space>& blocks() const { return blocks_; }

  /// From now on only users first to last - 1 are visited.
  template <class Executor>
  void take_users(const Executor& executor, Index first, Index last) {
    cut_rows(executor, blocks_.by_user.offsets, first, last, blocks_.user_groups, user_cuts_.data());
  }

  /// The mean loss of what was visited, summed group by group. Blocks.
  double mean_loss() const {
    const auto losses = copy_to_host(losses_.view());
    double loss = 0, weight = 0;
    for (std::size_t g = 0; g < losses.size(); g += 2) loss += losses[g], weight += losses[g + 1];
    return weight > 0 ? loss / weight : 0;
  }

 private:
  Tensor<Index, 1, Space> user_cuts_, item_cuts_;
  Tensor<std::int64_t, 1, Space> cursors_;
  Tensor<double, 2, Space> losses_;
  RatingBlocks<Real, Space> blocks_;
};

}  // namespace longshore::inline LONGSHORE_ABI
