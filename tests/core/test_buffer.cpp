// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/core/buffer.hpp>
#include <new>
#include <utility>

#include "../support/sanitized.hpp"

namespace ls = longshore;
using Memory = ls::Buffer<Kokkos::HostSpace>;

TEST_CASE("a buffer is aligned, moves, and is empty for no bytes") {
  Memory a(100);
  CHECK(reinterpret_cast<std::uintptr_t>(a.data()) % Memory::alignment == 0);
  void* data = a.data();
  Memory b(std::move(a));
  CHECK(b.data() == data);
  CHECK(a.data() == nullptr);  // NOLINT: moved from, and empty by contract
  a = std::move(b);
  CHECK(a.data() == data);
  CHECK(a.bytes() == 100);
  CHECK(Memory(0).data() == nullptr);
}

TEST_CASE("more memory than there is throws") {
  if (threads_watched) return;  // the thread sanitizer's operator new ends the program instead
  CHECK_THROWS_AS(Memory(std::size_t{1} << 60), std::bad_alloc);
}
