// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <vector>

#include <longshore/data/id_slots.hpp>

namespace ls = longshore;

TEST_CASE("id_slots: finds the ids whose keys are the one looked for") {
  // Hashes with many collisions; keys[id] is the key.
  const auto hash = [](std::uint32_t key) { return key % 97 * 0x01010101U; };
  std::vector<std::uint32_t> keys;
  ls::IdSlots slots;
  const auto find = [&](std::uint32_t key) {
    return slots.find(hash(key), [&](ls::Id id) { return keys[static_cast<std::size_t>(id)] == key; });
  };
  CHECK(find(1) == ls::IdSlots::nothing);
  CHECK(slots.bytes() == 0);
  for (std::uint32_t key = 0; key < 2000; key += 2) {
    CHECK(find(key) == ls::IdSlots::nothing);
    slots.reserve_one();
    slots.insert(hash(key), static_cast<ls::Id>(keys.size()));
    keys.push_back(key);
  }
  for (std::uint32_t key = 0; key < 2000; ++key)
    CHECK(find(key) == (key % 2 == 0 ? static_cast<ls::Id>(key / 2) : ls::IdSlots::nothing));
  CHECK(slots.bytes() == 2048 * 8);  // three quarters of 2048 slots hold 1000 ids, of 1024 they would not
  slots.clear();
  CHECK(find(0) == ls::IdSlots::nothing);
}

TEST_CASE("id_slots: says how many slots were passed") {
  ls::IdSlots slots;
  for (ls::Id id = 0; id < 12; ++id) {
    slots.reserve_one();
    CHECK(slots.insert(0x50, id) == static_cast<std::size_t>(id));
  }
  CHECK(slots.find(0x50, [](ls::Id id) { return id == 11; }) == 11);
}
