// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A hash table of ids whose keys lie elsewhere: open addressing with linear probing, at most three quarters full, 8
/// bytes a slot. A slot holds the hash beside the id, so that growing needs no keys and other keys are seldom looked
/// at.
///
/// Cost: O(1) on average for each id; growing O(ids), seldom.
class IdSlots {
 public:
  static constexpr Id nothing = -1;

  /// The hash of an integer or a text, by a seed.
  static std::uint32_t hash(std::int64_t key, std::uint64_t seed) {
    return static_cast<std::uint32_t>(mixed(static_cast<std::uint64_t>(key) ^ seed));
  }
  static std::uint32_t hash(std::string_view key, std::uint64_t seed) {
    std::uint64_t bits = mixed(seed + key.size());
    for (std::size_t i = 0; i < key.size(); i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, key.data() + i, std::min<std::size_t>(8, key.size() - i));
      bits = mixed(bits ^ word);
    }
    return static_cast<std::uint32_t>(bits);
  }

  /// The id that was inserted with this hash and whose key is the one looked for, or `nothing`.
  ///
  /// @param same  tells by an id whether its key is the one looked for
  template <class Same>
  Id find(std::uint32_t hash, const Same& same) const {
    if (slots_.empty()) return nothing;
    for (std::size_t place = hash & (slots_.size() - 1);; place = (place + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[place];
      if (slot.id == nothing || (slot.hash == hash && same(slot.id))) return slot.id;
    }
  }

  /// Makes room for one id more; the next `insert` then cannot fail.
  void reserve_one() {
    if (slots_.empty()) size_ = 0;  // they were moved away
    if (4 * (size_ + 1) > 3 * slots_.size()) rebuild(std::max<std::size_t>(16, 2 * slots_.size()));
  }

  /// Adds an id, once, after `reserve_one`.
  ///
  /// @return  the number of slots that were passed on the way to a free one: a few dozen at most unless the hash is bad
  std::size_t insert(std::uint32_t hash, Id id) noexcept {
    ++size_;
    return put({hash, id});
  }

  /// Removes all ids and keeps the room.
  void clear() noexcept {
    std::fill(slots_.begin(), slots_.end(), Slot{0, nothing});
    size_ = 0;
  }

  /// The memory that the table holds, in bytes.
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t hash;
    Id id;
  };

  static std::uint64_t mixed(std::uint64_t bits) {  // the finaliser of SplitMix64 (Steele, Lea and Flood 2014)
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
    return bits ^ (bits >> 31);
  }

  std::size_t put(Slot added) noexcept {
    std::size_t place = added.hash & (slots_.size() - 1), passed = 0;
    for (; slots_[place].id != nothing; ++passed) place = (place + 1) & (slots_.size() - 1);
    slots_[place] = added;
    return passed;
  }

  void rebuild(std::size_t count) {
    std::vector<Slot> before(count, Slot{0, nothing});
    slots_.swap(before);
    for (const Slot& slot : before)
      if (slot.id != nothing) put(slot);
  }

  std::vector<Slot> slots_;  // a power of two, or none
  std::size_t size_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
