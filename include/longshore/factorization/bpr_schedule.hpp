// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <longshore/core/math.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/data/alias_table.hpp>
#include <longshore/factorization/interactions.hpp>
#include <longshore/kernels/negative_groups.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The memory of one epoch of `BprStep`: G groups of users, 2 G groups of items of about the same weight as negatives,
/// how these are paired, and with which pair each group of users begins, drawn anew each epoch.
///
/// In a round each group of users has the positives and the negatives of one pair: no group is met by two bodies at a
/// time, and none is pushed up in one round and down in another, which would make a model's quality depend on where the
/// epoch ends.
///
/// Cost: O(I + G log U) on the host; memory 8 bytes a user, and 8 an item where negatives have weights.
template <class Real, class Space>
class BprSchedule {
 public:
  /// @param exponent    of popularity: negatives are drawn in proportion to (number of interactions)^exponent; 0: alike
  /// @param groups      G; 0: what suits the sizes
  /// @param item_bytes  what an entry reads and writes of an item
  /// @param random      of this epoch
  /// @throws DataError if a power of a number of interactions is not finite
  template <class Executor>
  BprSchedule(const Executor& executor, const Interactions<Real, Space>& interactions, double exponent, Index groups,
              std::int64_t item_bytes, const Random& random)
      : cursors_(interactions.users(), 2) {
    const Index items = interactions.items(), users = interactions.users();
    const std::vector<double> sums = sums_of_weights(interactions, exponent);
    double heaviest = 0;
    for (std::size_t i = 0; i + 1 < sums.size(); ++i) heaviest = std::max(heaviest, sums[i + 1] - sums[i]);
    Index count = groups > 0 ? groups : rating_groups<Space>(users, items, interactions.entries(), item_bytes);
    // Groups that one item alone outweighs would leave most draws without a negative.
    const Index half = items / 2;
    const double most = std::min(sums.back() / (2 * heaviest), static_cast<double>(half));
    count = std::min({count, users, static_cast<Index>(std::max(most, 1.0))});
    const Index item_groups = items > 1 ? 2 * count : 1;
    const std::vector<Index> cuts = cut(sums, item_groups);
    double span = 0;
    for (std::size_t h = 0; h + 1 < cuts.size(); ++h)
      span = std::max(span, sums[static_cast<std::size_t>(cuts[h + 1])] - sums[static_cast<std::size_t>(cuts[h])]);

    std::vector<Index> starts(static_cast<std::size_t>(count));
    for (std::size_t g = 0; g < starts.size(); ++g) starts[g] = static_cast<Index>(g);
    for (std::size_t left = starts.size(); left > 1; --left)
      std::swap(starts[left - 1], starts[static_cast<std::size_t>(random.below(left, left))]);
    const auto ways = static_cast<std::uint64_t>(std::max<Index>(item_groups - 1, 1));
    const auto turn = static_cast<Index>(random.below(0, ways));
    starts_ = on_space(starts);
    item_cuts_ = on_space(cuts);
    columns_ = on_space(columns_of(sums, cuts, span));
    if (exponent != 0) share_columns(sums, cuts);
    user_cuts_ = Tensor<Index, 1, Space>(count + 1);
    losses_ = Tensor<double, 2, Space>(count, 2);
    cut_rows(executor, interactions.by_user().offsets, 0, users, count, user_cuts_.data());
    blocks_ = {interactions.by_user(), count, item_groups,     user_cuts_.data(), item_cuts_.data(),
               starts_.data(),         turn,  cursors_.data(), losses_.data()};
    negatives_ = {interactions.by_user(), item_groups, item_cuts_.data(), columns_.data(), keep_.data(), other_.data()};
  }

  const PairedBlocks<Real, Space>& blocks() const { return blocks_; }
  const NegativeGroups<Real, Space>& negatives() const { return negatives_; }

  /// The mean loss of the comparisons that were made, and how many. Blocks.
  StepLoss<double> mean_loss() const {
    const auto losses = copy_to_host(losses_.view());
    StepLoss<double> sum;
    for (std::size_t g = 0; g < losses.size(); g += 2) sum.loss += losses[g], sum.weight += losses[g + 1];
    return {sum.weight > 0 ? sum.loss / sum.weight : 0, sum.weight};
  }

 private:
  static std::vector<double> sums_of_weights(const Interactions<Real, Space>& interactions, double exponent) {
    const auto items = static_cast<std::size_t>(interactions.items());
    std::vector<double> sums(items + 1);
    std::vector<std::int64_t> offsets(items + 1);
    copy_elements<Space, Kokkos::DefaultHostExecutionSpace>(interactions.by_item().offsets, offsets.data(), items + 1);
    for (std::size_t i = 0; i < items; ++i) {
      const auto count = static_cast<double>(offsets[i + 1] - offsets[i]);
      sums[i + 1] = sums[i] + (exponent == 0 ? 1 : count > 0 ? std::pow(count, exponent) : 0);
    }
    expects<DataError>(math::is_finite(sums.back()), "BprFactorization: popularity_exponent is ", exponent,
                       ", which makes numbers of interactions to that power too large");
    return sums;
  }

  static std::vector<Index> cut(const std::vector<double>& sums, Index groups) {
    std::vector<Index> cuts{0};
    for (Index h = 1; h < groups; ++h) {
      const double share = sums.back() * h / groups;
      const auto place = std::lower_bound(sums.begin(), sums.end(), share) - sums.begin();
      cuts.push_back(std::clamp(static_cast<Index>(place), cuts.back(), static_cast<Index>(sums.size() - 1)));
    }
    cuts.push_back(static_cast<Index>(sums.size() - 1));
    return cuts;
  }

  // How many columns of each group are as wide as the widest group: of one without weight no finite number.
  static std::vector<double> columns_of(const std::vector<double>& sums, const std::vector<Index>& cuts, double span) {
    std::vector<double> columns;
    for (std::size_t h = 0; h + 1 < cuts.size(); ++h) {
      const double weight = sums[static_cast<std::size_t>(cuts[h + 1])] - sums[static_cast<std::size_t>(cuts[h])];
      columns.push_back(span * static_cast<double>(cuts[h + 1] - cuts[h]) / weight);
    }
    return columns;
  }

  // What each item keeps of its column, and who has the rest.
  void share_columns(const std::vector<double>& sums, const std::vector<Index>& cuts) {
    std::vector<std::uint32_t> keep;
    std::vector<Id> other;
    for (std::size_t h = 0; h + 1 < cuts.size(); ++h) {
      const auto first = static_cast<std::size_t>(cuts[h]), last = static_cast<std::size_t>(cuts[h + 1]);
      std::vector<double> shares;
      for (std::size_t i = first; i < last; ++i) shares.push_back((sums[i + 1] - sums[i]) / (sums[last] - sums[first]));
      const AliasTable table(shares);
      for (const double share : table.keep())
        keep.push_back(static_cast<std::uint32_t>(std::min(share * 0x1p32, 0x1p32 - 1)));
      for (const Id place : table.alias()) other.push_back(static_cast<Id>(cuts[h] + place));
    }
    keep_ = on_space(keep);
    other_ = on_space(other);
  }

  template <class T>
  static Tensor<T, 1, Space> on_space(const std::vector<T>& elements) {
    Tensor<T, 1, Space> result(elements.size());
    copy_from_host(elements, result.view());
    return result;
  }

  Tensor<Index, 1, Space> user_cuts_, item_cuts_, starts_;
  Tensor<double, 1, Space> columns_;
  Tensor<std::uint32_t, 1, Space> keep_;
  Tensor<Id, 1, Space> other_;
  Tensor<std::uint32_t, 2, Space> cursors_;
  Tensor<double, 2, Space> losses_;
  PairedBlocks<Real, Space> blocks_;
  NegativeGroups<Real, Space> negatives_;
};

}  // namespace longshore::inline LONGSHORE_ABI
