// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LONGSHORE_FUZZ_COUNTS_MEMORY
#include <sanitizer/allocator_interface.h>
#endif
#endif

/// The bytes that are allocated, and the most there were, as the address sanitizer sees them; zero without it.
struct AllocatedMemory {
  inline static std::size_t now = 0;
  inline static std::size_t peak = 0;

  /// Begins to count; returns what is allocated from then on.
  static std::size_t start() {
#ifdef LONGSHORE_FUZZ_COUNTS_MEMORY
    static const int installed = __sanitizer_install_malloc_and_free_hooks(
        [](const volatile void*, std::size_t bytes) { peak = std::max(peak, now += bytes); },
        [](const volatile void* place) {
          const std::size_t bytes = __sanitizer_get_allocated_size(place);
          now -= std::min(now, bytes);
        });
    static_cast<void>(installed);
#endif
    return peak = now;
  }
};
