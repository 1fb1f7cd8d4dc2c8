// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A column that grows without ever being moved, until it is taken as an array: growing costs no second copy in memory,
/// taking it at most one.
///
/// Cost: `push_back` O(1); memory one chunk more than it holds.
template <class T>
class ChunkedColumn {
 public:
  void push_back(T value) {
    if (size_ % chunk_entries == 0) chunks_.push_back(std::make_unique_for_overwrite<T[]>(chunk_entries));
    chunks_.back()[size_ % chunk_entries] = value;
    ++size_;
  }

  std::size_t size() const { return size_; }

  /// Hands out the entries and leaves the column empty.
  ///
  /// @return  (size)
  xt::xtensor<T, 1> take() {
    auto values = xt::xtensor<T, 1>::from_shape({size_});
    for (std::size_t k = 0; k < chunks_.size(); ++k) {
      const std::size_t begin = k * chunk_entries;
      std::copy_n(chunks_[k].get(), std::min(chunk_entries, size_ - begin), values.data() + begin);
      chunks_[k].reset();
    }
    chunks_.clear();
    size_ = 0;
    return values;
  }

 private:
  static constexpr std::size_t chunk_entries = std::size_t{1} << 16;

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
