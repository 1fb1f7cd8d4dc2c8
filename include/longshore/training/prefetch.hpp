// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>

#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Something that makes batches: a pure function of epoch and position, so that nothing depends on timing.
///
/// `size()` is the number of batches of an epoch; `source(epoch, i, batch)` fills the i-th of them, counted from 0, and
/// refuses an i from `size()` on. It is called on another thread, one call at a time, and dispatches no kernels. A
/// `batch_type` that keeps its memory is filled without allocations after the first ones. A source may have a
/// `fingerprint()`, names and numbers: a run is then resumed with equal ones only.
template <class Source>
concept BatchSource = requires(const Source& source, std::size_t i, typename Source::batch_type& batch) {
  { source.size() } -> std::convertible_to<std::size_t>;
  source(i, i, batch);
};

/// Makes the next batches on a thread of its own while the current one is used, those of the next epoch too.
///
///     Prefetch next(source, epoch, first, epochs);
///     while (auto* batch = next()) ...            // to the end of the epoch, in order
///     while (auto* batch = next()) ...            // the epoch after it
///
/// A batch is valid until the next call. What the source throws is thrown by the call that would have given the batch.
///
/// Cost: one thread; memory the batches of its ring.
template <BatchSource Source>
class Prefetch {
 public:
  using batch_type = typename Source::batch_type;

  /// @param epoch, first  the batch to begin with; `first` may be the size of an epoch, which is at its end then
  /// @param epochs        the first epoch that is not wanted
  /// @throws ShapeError if the epoch has fewer batches than `first`
  Prefetch(const Source& source, std::size_t epoch, std::size_t first, std::size_t epochs)
      : source_(source),
        size_(source.size()),
        position_(first),
        left_(count(epoch, first, epochs, size_)),
        maker_([this, epoch, first](std::stop_token stop) { run(stop, epoch, first); }) {}

  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  /// @return  the next batch, or null at the end of each epoch
  batch_type* operator()() {
    if (position_ >= size_) {
      release();
      position_ = 0;
      return nullptr;
    }
    release();
    std::unique_lock lock(mutex_);
    if (taken_ >= left_) return nullptr;
    changed_.wait(lock, [&] { return made_ > taken_ || error_; });
    if (made_ <= taken_) std::rethrow_exception(error_);
    holding_ = true;
    ++position_;
    return &ring_[taken_ % ring_.size()];
  }

 private:
  static std::size_t count(std::size_t epoch, std::size_t first, std::size_t epochs, std::size_t size) {
    expects(first <= size, "Prefetch: the first batch is ", first, ", an epoch has ", size);
    return epoch < epochs ? (epochs - epoch) * size - first : 0;
  }

  /// Gives the batch that was handed out back to the maker.
  void release() {
    const std::lock_guard lock(mutex_);
    if (!holding_) return;
    holding_ = false;
    ++taken_;
    changed_.notify_all();
  }

  void run(const std::stop_token& stop, std::size_t epoch, std::size_t i) {
    try {
      for (std::size_t made = 0; made < left_; ++made, ++i) {
        if (i >= size_) {
          i = 0;
          ++epoch;
        }
        {
          std::unique_lock lock(mutex_);
          if (!changed_.wait(lock, stop, [&] { return made - taken_ < ring_.size(); })) return;
        }
        if (stop.stop_requested()) return;
        source_(epoch, i, ring_[made % ring_.size()]);
        const std::lock_guard lock(mutex_);
        ++made_;
        changed_.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
      changed_.notify_all();
    }
  }

  const Source& source_;
  const std::size_t size_;
  std::size_t position_;  // of the next batch in its epoch
  const std::size_t left_;
  std::array<batch_type, 3> ring_;
  std::size_t made_ = 0, taken_ = 0;
  bool holding_ = false;
  std::exception_ptr error_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread maker_;  // last: ends before what it uses
};

}  // namespace longshore::inline LONGSHORE_ABI
