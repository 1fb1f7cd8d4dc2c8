// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/random.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Draws places in proportion to weights.
///
/// Cost: a draw O(1), the table O(N); memory 12 bytes a place.
/// Source: Walker 1977, the alias method.
class AliasTable {
 public:
  AliasTable() = default;

  /// @param shares  (N) what each place is drawn with: at least 0, together 1
  explicit AliasTable(std::span<const double> shares) : keep_(shares.size(), 1), alias_(shares.size()) {
    const std::size_t size = shares.size();
    std::vector<double> share(size);  // of a column, 1 on average
    std::vector<std::size_t> small, large;
    for (std::size_t i = 0; i < size; ++i) {
      alias_[i] = static_cast<Id>(i);
      share[i] = shares[i] * static_cast<double>(size);
      (share[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
      const std::size_t low = small.back(), high = large.back();
      small.pop_back();
      keep_[low] = share[low];
      alias_[low] = static_cast<Id>(high);
      share[high] -= 1 - share[low];
      if (share[high] < 1) {
        large.pop_back();
        small.push_back(high);
      }
    }
    // What is left in `small` by rounding although its share is 0 must not be drawn.
    for (const std::size_t i : small)
      if (shares[i] == 0) {
        keep_[i] = 0;
        alias_[i] = static_cast<Id>(std::max_element(shares.begin(), shares.end()) - shares.begin());
      }
  }

  /// The place of the i-th draw.
  Id operator()(const Random& random, std::uint64_t i) const {
    const auto column = static_cast<std::size_t>(random.stream("column").below(i, keep_.size()));
    return random.uniform<double>(i) < keep_[column] ? static_cast<Id>(column) : alias_[column];
  }

  /// (N) the share of a place's column that is its own.
  std::span<const double> keep() const { return keep_; }
  /// (N) the place that has the rest.
  std::span<const Id> alias() const { return alias_; }

 private:
  std::vector<double> keep_;
  std::vector<Id> alias_;
};

}  // namespace longshore::inline LONGSHORE_ABI
