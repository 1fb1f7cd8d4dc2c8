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

/// Something that makes batches: a pure function of epoch and position, so that order and content do not depend on timing.
///
/// `size()` is the number of batches of an epoch; `source(epoch, i, batch)` fills the i-th of them.
template <class Source>
concept BatchSource = requires(const Source& source, std::size_t i, typename Source::batch_type& batch) {
  { source.size() } -> std::convertible_to<std::size_t>;
  source(i, i, batch);
};

/// Makes the next batches on a thread of its own while the current one is used.
///
///     Prefetch next(source, epoch, first);
///     while (auto* batch = next()) ...            // in order; the pointer is valid until the next call
///
/// The thread dispatches no kernels. What it throws is thrown by the call that would have given the batch.
template <BatchSource Source>
class Prefetch {
 public:
  using batch_type = typename Source::batch_type;

  /// @param first  position to begin with
  Prefetch(const Source& source, std::size_t epoch, std::size_t first)
      : source_(source), epoch_(epoch), next_(first), end_(source.size()), maker_([this](std::stop_token stop) { run(stop); }) {}

  ~Prefetch() {
    maker_.request_stop();
    changed_.notify_all();
  }
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  /// @return  the next batch, or null after the last
  batch_type* operator()() {
    std::unique_lock lock(mutex_);
    if (holding_) {
      ++taken_;
      holding_ = false;
      changed_.notify_all();
    }
    if (next_ + taken_ >= end_) return nullptr;
    changed_.wait(lock, [&] { return made_ > taken_ || error_; });
    if (made_ <= taken_) std::rethrow_exception(error_);
    holding_ = true;
    return &ring_[taken_ % ring_.size()];
  }

 private:
  void run(std::stop_token stop) {
    try {
      for (std::size_t i = next_; i < end_ && !stop.stop_requested(); ++i) {
        {
          std::unique_lock lock(mutex_);
          changed_.wait(lock, stop, [&] { return made_ - taken_ < ring_.size(); });
          if (stop.stop_requested()) return;
        }
        source_(epoch_, i, ring_[made_ % ring_.size()]);
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
  std::size_t epoch_, next_, end_;
  std::array<batch_type, 3> ring_;
  std::size_t made_ = 0, taken_ = 0;  // batches since `next_`
  bool holding_ = false;
  std::exception_ptr error_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread maker_;  // last: ends before what it uses
};

}  // namespace longshore::inline LONGSHORE_ABI
