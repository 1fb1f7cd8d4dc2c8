// SPDX-License-Identifier: Apache-2.0
#pragma once

// Replaces operator new and delete of the program: include it in one source file, the program's only one.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace test {

/// The bytes that operator new has given out and not got back, and the most there were. For one thread.
struct CountedMemory {
  inline static std::size_t now = 0;
  inline static std::size_t peak = 0;

  static void* allocate(std::size_t bytes) {
    void* const place = std::malloc(bytes);
    if (place == nullptr) throw std::bad_alloc();
    now += ::malloc_usable_size(place);
    peak = std::max(peak, now);
    return place;
  }

  static void* try_to_allocate(std::size_t bytes) noexcept {
    try {
      return allocate(bytes);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }

  static void release(void* place) {
    if (place != nullptr) now -= ::malloc_usable_size(place);
    std::free(place);
  }
};

}  // namespace test

void* operator new(std::size_t bytes) { return test::CountedMemory::allocate(bytes); }
void* operator new[](std::size_t bytes) { return test::CountedMemory::allocate(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return test::CountedMemory::try_to_allocate(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return test::CountedMemory::try_to_allocate(bytes);
}
void operator delete(void* place) noexcept { test::CountedMemory::release(place); }
void operator delete[](void* place) noexcept { test::CountedMemory::release(place); }
void operator delete(void* place, std::size_t) noexcept { test::CountedMemory::release(place); }
void operator delete[](void* place, std::size_t) noexcept { test::CountedMemory::release(place); }
