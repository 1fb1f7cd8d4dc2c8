// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

#include <longshore/core/arena.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Lets a `std::vector` grow in the memory of an arena on the host: it lives until the arena's `reset` and gives
/// nothing back before.
///
/// Cost: O(1) a call; a list that grows uses up to twice its size.
template <class T>
struct ArenaAllocator {
  using value_type = T;
  Arena<Kokkos::HostSpace>* arena;

  explicit ArenaAllocator(Arena<Kokkos::HostSpace>& its_arena) : arena(&its_arena) {}
  template <class Other>
  ArenaAllocator(const ArenaAllocator<Other>& other) : arena(other.arena) {}

  /// @throws std::bad_alloc if there is no memory
  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(arena->allocate(count * sizeof(T)));
  }
  /// Nothing: the arena takes all back at once.
  void deallocate(T*, std::size_t) noexcept {}

  friend bool operator==(const ArenaAllocator&, const ArenaAllocator&) = default;
};

/// A list that grows in the memory of an arena.
template <class T>
using ArenaList = std::vector<T, ArenaAllocator<T>>;

}  // namespace longshore::inline LONGSHORE_ABI
