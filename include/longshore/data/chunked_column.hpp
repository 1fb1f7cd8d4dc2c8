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
/// One that was moved from is empty. Cost: `push_back` O(1); memory one chunk more than it holds.
template <class T>
class ChunkedColumn {
 public:
  /// Adds an entry at the end; no entry moves.
  void push_back(T value) {
    if (chunks_.empty() || last_ == chunk_entries) {
      chunks_.push_back(std::make_unique_for_overwrite<T[]>(chunk_entries));
      last_ = 0;
    }
    chunks_.back()[last_++] = value;
  }

  std::size_t size() const { return chunks_.empty() ? 0 : (chunks_.size() - 1) * chunk_entries + last_; }

  /// Hands out the entries and leaves the column empty.
  ///
  /// @return  (size)
  xt::xtensor<T, 1> take() {
    const std::size_t count = size();
    auto values = xt::xtensor<T, 1>::from_shape({count});
    for (std::size_t k = 0; k < chunks_.size(); ++k) {
      const std::size_t begin = k * chunk_entries;
      std::copy_n(chunks_[k].get(), std::min(chunk_entries, count - begin), values.data() + begin);
      chunks_[k].reset();
    }
    chunks_.clear();
    return values;
  }

 private:
  static constexpr std::size_t chunk_entries = std::size_t{1} << 15;

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t last_ = 0;  // entries of the last chunk
};

}  // namespace longshore::inline LONGSHORE_ABI
