// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <longshore/core/arena.hpp>
#include <utility>
#include <vector>

#include "../support/sanitized.hpp"

namespace ls = longshore;
using Memory = ls::Arena<Kokkos::HostSpace>;

TEST_CASE("pieces do not overlap and are aligned") {
  Memory arena;
  std::vector<std::pair<char*, std::size_t>> pieces;
  for (std::size_t k = 1; k < 300; ++k) {
    const std::size_t bytes = k * 977 % 40'000 + 1;
    auto* piece = static_cast<char*>(arena.allocate(bytes));
    REQUIRE(reinterpret_cast<std::uintptr_t>(piece) % Memory::alignment == 0);
    std::memset(piece, static_cast<int>(k % 251), bytes);
    pieces.emplace_back(piece, bytes);
  }
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    const auto [piece, bytes] = pieces[k];
    CHECK(std::count(piece, piece + bytes, static_cast<char>((k + 1) % 251)) == static_cast<std::ptrdiff_t>(bytes));
  }
  CHECK(arena.allocate(0) == nullptr);
}

TEST_CASE("after a reset the same step needs no new memory") {
  Memory arena;
  const auto step = [&] {
    arena.reset();
    std::vector<void*> pieces;
    for (int k = 0; k < 50; ++k) pieces.push_back(arena.allocate(10'000));
    return pieces;
  };
  step();
  step();
  const auto second = step(), third = step();
  CHECK(second == third);
  CHECK(arena.high_water() == 50 * 10'240);
  CHECK(arena.used() == 50 * 10'240);
  arena.reset();
  CHECK(arena.used() == 0);
  CHECK(arena.high_water() == 50 * 10'240);
}

TEST_CASE("released pieces are handed out again, earlier ones stay") {
  Memory arena;
  auto* before = static_cast<char*>(arena.allocate(1000));
  std::memset(before, 7, 1000);
  const auto mark = arena.mark();
  void* first = arena.allocate(5000);
  arena.release(mark);
  CHECK(arena.allocate(5000) == first);
  CHECK(arena.used() == 1024 + 5120);
  for (int i = 0; i < 1000; ++i) REQUIRE(before[i] == 7);
}

TEST_CASE("where the arena grew since the mark, the newest block is free again as a whole, the others until a reset") {
  Memory arena;
  auto* before = static_cast<char*>(arena.allocate(1'000));
  std::memset(before, 7, 1'000);
  const auto mark = arena.mark();
  auto* second = static_cast<char*>(arena.allocate(200'000));  // the first block is too small for it
  arena.release(mark);
  CHECK(arena.used() == 1'024);
  CHECK(arena.allocate(200'000) == second);
  std::memset(second, 9, 200'000);
  auto* third = static_cast<char*>(arena.allocate(300'000));  // nor has the second one room for this
  arena.release(mark);
  CHECK(arena.used() == 1'024 + 200'192);
  CHECK(arena.allocate(300'000) == third);
  std::memset(third, 8, 300'000);
  CHECK(std::count(before, before + 1'000, 7) == 1'000);
  arena.reset();
  CHECK(arena.used() == 0);
}

TEST_CASE("a loop that releases its pieces needs memory for one turn, also where the first turns grow the arena") {
  Memory arena;
  arena.allocate(1000);
  void* last = nullptr;
  for (int turn = 0; turn < 100; ++turn) {
    const auto mark = arena.mark();
    arena.allocate(50'000);
    void* piece = arena.allocate(200'000);
    std::memset(piece, turn, 200'000);
    if (turn > 2) CHECK(piece == last);
    last = piece;
    arena.release(mark);
  }
  CHECK(arena.high_water() < 600'000);
}

TEST_CASE("after a reset the same step needs no new memory where it releases its pieces, also within each other") {
  Memory arena;
  const auto step = [&] {
    arena.reset();
    std::vector<void*> pieces;
    pieces.push_back(arena.allocate(10'000));
    const auto outer = arena.mark();
    pieces.push_back(arena.allocate(300'000));
    for (int turn = 0; turn < 5; ++turn) {
      const auto inner = arena.mark();
      pieces.push_back(arena.allocate(70'000));
      pieces.push_back(arena.allocate(900'000));
      arena.release(inner);
    }
    arena.release(outer);
    pieces.push_back(arena.allocate(20'000));
    arena.release(outer);
    return pieces;
  };
  step();
  const auto second = step();
  const auto room = arena.high_water();
  for (int later = 0; later < 5; ++later) CHECK(step() == second);
  CHECK(arena.high_water() == room);
  arena.reset();
  const auto* start = static_cast<std::byte*>(arena.allocate(1'000));
  const auto* behind = static_cast<std::byte*>(arena.allocate(1'200'000));  // fits: the block holds the peak
  CHECK(behind == start + 1'024);
}

TEST_CASE("a piece larger than the memory throws, and the arena goes on") {
  Memory arena;
  if (!threads_watched) {  // the thread sanitizer's operator new ends the program instead
    CHECK_THROWS_AS(arena.allocate(std::size_t{1} << 60), std::bad_alloc);
    CHECK_THROWS_AS(arena.allocate(~std::size_t{0}), std::bad_alloc);
  }
  CHECK(arena.allocate(100) != nullptr);
}
