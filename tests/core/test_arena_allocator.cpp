// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/core/arena_allocator.hpp>
#include <numeric>
#include <vector>

#include "../support/count_allocations.hpp"

namespace ls = longshore;

TEST_CASE("a list grows in the memory of an arena and keeps what it holds") {
  ls::Arena<Kokkos::HostSpace> arena, other;
  ls::ArenaList<int> list{ls::ArenaAllocator<int>(arena)};
  for (int i = 0; i < 1000; ++i) list.push_back(i);
  CHECK(std::accumulate(list.begin(), list.end(), 0) == 499500);
  CHECK(arena.used() >= 1000 * sizeof(int));
  CHECK(other.used() == 0);
  CHECK(ls::ArenaAllocator<int>(arena) == ls::ArenaAllocator<int>(ls::ArenaAllocator<double>(arena)));
  CHECK_FALSE(ls::ArenaAllocator<int>(arena) == ls::ArenaAllocator<int>(other));
  CHECK_THROWS_AS(ls::ArenaAllocator<int>(arena).allocate(SIZE_MAX / 2), std::bad_array_new_length);
}

TEST_CASE("lists of the same sizes ask for memory once") {
  ls::Arena<Kokkos::HostSpace> arena;
  std::size_t allocations = 0;
  for (int step = 0; step < 6; ++step) {
    const std::size_t before = count_allocations();
    arena.reset();
    ls::ArenaList<double> list{ls::ArenaAllocator<double>(arena)};
    for (int i = 0; i < 100000; ++i) list.push_back(i);
    REQUIRE(list[99999] == 99999);
    if (step == 0 && allocations_are_counted) CHECK(count_allocations() > before);
    if (step >= 2) allocations += count_allocations() - before;
  }
  CHECK(allocations == 0);
}
