// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <longshore/core/buffer.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Hands out memory that lives until `reset`: the scratch of one step.
///
/// The first steps grow it; `reset` joins what grew into one block, so that later steps of the same size allocate
/// nothing. Every piece is aligned to `alignment` bytes and not initialised.
///
/// Cost: `allocate` O(1) once the first steps have grown it; memory 9/8 of what the largest step took.
template <class MemorySpace>
class Arena {
 public:
  static constexpr std::size_t alignment = 256;

  /// @return  memory for that many bytes; never null for bytes > 0
  /// @throws std::bad_alloc or Kokkos' exception if there is no memory; the arena stays usable
  void* allocate(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    const std::size_t needed = (bytes + alignment - 1) / alignment * alignment;
    if (needed < bytes) throw std::bad_alloc();
    if (blocks_.empty() || used_ + needed > blocks_.back().bytes() - alignment) grow(needed);
    auto* start = static_cast<std::byte*>(blocks_.back().data());
    const std::size_t skew = reinterpret_cast<std::size_t>(start) % alignment;
    void* piece = start + (skew ? alignment - skew : 0) + used_;
    used_ += needed;
    peak_ = std::max(peak_, earlier_ + used_);
    high_water_ = std::max(high_water_, peak_);
    return piece;
  }

  /// Where the arena stands: for `release`.
  struct Mark {
    std::size_t blocks = 0, used = 0;
  };
  Mark mark() const { return {blocks_.size(), used_}; }
  /// Takes back what was handed out since the mark; what was before stays valid. If the arena had to grow since, only
  /// the newest block is free again until `reset`.
  void release(const Mark& mark) { used_ = blocks_.size() == mark.blocks ? mark.used : 0; }

  /// Takes everything back. Pieces handed out before are invalid. On a device it may wait for running kernels, once.
  void reset() {
    if (blocks_.size() > 1) {
      const std::size_t most = peak_;  // not what is in use now: released pieces will be wanted again
      blocks_.clear();
      earlier_ = used_ = peak_ = 0;
      grow(most + most / 8);
    }
    earlier_ = used_ = peak_ = 0;
  }

  /// Bytes in use now.
  std::size_t used() const { return earlier_ + used_; }
  /// The most bytes ever in use between two resets.
  std::size_t high_water() const { return high_water_; }

 private:
  void grow(std::size_t needed) {
    const std::size_t previous = blocks_.empty() ? 0 : blocks_.back().bytes();
    Buffer<MemorySpace> block(std::max({needed + alignment, 2 * previous, std::size_t{64} * 1024}));
    blocks_.push_back(std::move(block));
    earlier_ += used_;
    used_ = 0;
  }

  std::vector<Buffer<MemorySpace>> blocks_;
  std::size_t earlier_ = 0;  // bytes used in all blocks but the last
  std::size_t used_ = 0;     // bytes used in the last block
  std::size_t peak_ = 0;     // the most bytes in use since the last reset
  std::size_t high_water_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
