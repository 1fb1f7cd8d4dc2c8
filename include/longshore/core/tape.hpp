// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

#include <longshore/core/arena.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The backward steps of one step, in the order of the forward pass, and the places of its gradients.
///
/// Cost: `record` O(1); `run` that of the steps; what is kept lives on the host until `reset`.
///
/// @tparam Context  what the steps are called with
template <class Context>
class Tape {
 public:
  /// Keeps `step(context)` for `run`, which calls it if `output` is null or a gradient reached it.
  ///
  /// @param step  captures views, values, numbers and pointers only: it is copied as bytes
  template <class Step>
  void record(const Gradient* output, const Step& step) {
    static_assert(std::is_trivially_copyable_v<Step>,
                  "longshore: a backward step captures only values, views, numbers and pointers");
    static_assert(alignof(Step) <= Arena<Kokkos::HostSpace>::alignment);
    struct Placed {
      Entry entry;
      Step step;
    };
    auto* placed = static_cast<Placed*>(arena_.allocate(sizeof(Placed)));
    new (&placed->step) Step(step);
    new (&placed->entry)
        Entry{last_, output, [](Entry* entry, Context& context) { reinterpret_cast<Placed*>(entry)->step(context); }};
    last_ = &placed->entry;
  }

  /// Makes something of this step: the place of a gradient, or a note for the optimiser.
  template <class T>
  T* make(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return new (arena_.allocate(sizeof(T))) T(value);
  }

  /// Calls the steps, the last one first.
  void run(Context& context) {
    for (Entry* entry = last_; entry; entry = entry->previous)
      if (!entry->output || entry->output->data) entry->run(entry, context);
  }

  /// Forgets everything.
  void reset() {
    arena_.reset();
    last_ = nullptr;
  }

  /// The most bytes that any step took.
  std::size_t high_water() const { return arena_.high_water(); }

 private:
  struct Entry {
    Entry* previous;
    const Gradient* output;
    void (*run)(Entry*, Context&);
  };
  Arena<Kokkos::HostSpace> arena_;
  Entry* last_ = nullptr;
};

}  // namespace longshore::inline LONGSHORE_ABI
