// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <longshore/core/arena.hpp>
#include <longshore/core/executor.hpp>
#include <longshore/core/step_stamp.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The context of a forward pass that nobody will differentiate: scratch memory and an executor, nothing is recorded.
///
/// One context serves one thread; any number of contexts may work on one const model at once (with `Inline`). Values
/// made with it live until `reset`, which `predict` calls first; after an exception `reset` makes it as good as new.
///
/// Cost: `allocate` and `reset` O(1) after the first steps; memory what the largest step took.
template <class Space, class Executor = Space>
  requires ExecutorOf<Executor, Space>
class Inference {
 public:
  static constexpr bool training = false;
  using space = Space;
  using executor_type = Executor;

  /// @throws Error outside the life of Kokkos
  explicit Inference(const Executor& executor = make_executor()) : executor_(executor) {}

  Inference(Inference&&) noexcept = default;
  Inference& operator=(Inference&&) noexcept = default;
  Inference(const Inference&) = delete;  // A context serves one thread: make another for the next.
  Inference& operator=(const Inference&) = delete;

  const Executor& executor() const { return executor_; }
  /// Waits until everything launched on the executor is done.
  ///
  /// @throws Error outside the life of Kokkos
  void fence() const {
    expects_kokkos("Inference::fence");
    if constexpr (!std::is_same_v<Executor, Inline>) executor_.fence();
  }

  /// Memory of the space for this step.
  void* allocate(std::size_t bytes) { return arena_.allocate(bytes); }
  /// A place for a value's gradient: none here.
  Gradient* gradient() { return nullptr; }
  /// What values of this step carry, and no others.
  std::uint64_t stamp() const { return stamp_.value(); }
  /// Keeps a backward step: not here.
  void record(const auto&, const auto&) {}
  /// For `ScratchScope`: takes back the memory of values made since the mark.
  auto mark() const { return arena_.mark(); }
  /// Takes back what was made since the mark: no such value may be used any more.
  void release(const typename Arena<typename Space::memory_space>::Mark& mark) { arena_.release(mark); }
  /// Takes the memory of all values back.
  ///
  /// @throws Error outside the life of Kokkos
  void reset() {
    expects_kokkos("Inference::reset");
    stamp_.next();
    arena_.reset();
  }

  /// The most bytes of scratch that any step took.
  std::size_t high_water() const { return arena_.high_water(); }

 private:
  static Executor make_executor() {
    expects_kokkos("Inference");
    return Executor{};
  }
  Executor executor_;
  Arena<typename Space::memory_space> arena_;
  StepStamp stamp_;
};

}  // namespace longshore::inline LONGSHORE_ABI
