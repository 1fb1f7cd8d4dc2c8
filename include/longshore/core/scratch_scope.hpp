// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/inference.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Gives the memory of values made in its life back to the context when it ends: for work in chunks, whose memory is
/// then that of one chunk. A training context keeps everything, because backward needs it.
///
///     for (Index first = 0; first < items; first += chunk) {
///       const ScratchScope scope(context);
///       ...   // values made here end here
///     }
///
/// Kernels still running on the values are no concern: later ones of the context run after them.
///
/// Cost: O(1).
template <class Context>
class ScratchScope {
 public:
  /// Remembers what of the context's memory is taken: but in training, values made from here on die with the scope.
  explicit ScratchScope(Context& context) : context_(context) {
    if constexpr (!Context::training) mark_ = context.mark();
  }
  ~ScratchScope() {
    if constexpr (!Context::training) context_.release(mark_);
  }
  ScratchScope(const ScratchScope&) = delete;
  ScratchScope& operator=(const ScratchScope&) = delete;

 private:
  Context& context_;
  typename Arena<typename Context::space::memory_space>::Mark mark_;
};

}  // namespace longshore::inline LONGSHORE_ABI
