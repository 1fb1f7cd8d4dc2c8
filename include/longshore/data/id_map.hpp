// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/id_slots.hpp>
#include <longshore/io/excerpt.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers keys densely from 0 in the order of their first insertion, and gives the keys back.
///
/// A key is a text. Texts that are the usual decimal form of a 64-bit integer ("42", "-7"; not "007", "+1") are
/// stored as integers, so that `insert(42)` and `insert("42")` mean the same key; all others, such as "B00A3" or
/// numbers beyond 64 bits, are stored as they are. One map may hold both kinds.
///
/// State: 8 bytes a key; 4 to 8 bytes more for each of many integers near 0, which are found by themselves, and 11 to
/// 21 for every other key, which are found by a hash; the characters of keys that are no integers and 4 bytes for each.
/// Cost: O(1) expected for each call. Keys that were chosen to collide make the table draw a new seed for its hash; ids
/// never depend on it.
class IdMap {
 public:
  /// @param table  what the ids number, in the plural: errors name it
  explicit IdMap(std::string table = "ids") : table_(std::move(table)) {}

  /// Makes the map that gives the keys 0, 1, ..., count-1 themselves as ids, for logs whose ids are dense already.
  ///
  /// @throws ShapeError if the count is negative
  static IdMap dense(std::string table, Id count) {
    expects(count >= 0, "IdMap::dense: expected a count of at least 0, got ", count);
    IdMap map(std::move(table));
    for (Id id = 0; id < count; ++id) map.insert(std::int64_t{id});
    return map;
  }

  Id size() const { return static_cast<Id>(keys_.size()); }  ///< ids are 0 to size()-1
  const std::string& table() const { return table_; }        ///< what the ids number

  /// @return  the id of the key, which is added when it is new
  /// @throws DataError if the map is full: 2^31-1 keys; for a text of 4 GB
  Id insert(std::int64_t key) { return place(key); }
  Id insert(std::string_view key) {
    const auto number = as_integer(key);
    return number ? place(*number) : place(key);
  }

  /// The id of the key, or nothing if it is not in the map: `find(key).value_or(table.unknown_id())` serves new items.
  std::optional<Id> find(std::int64_t key) const { return look_up(key); }
  std::optional<Id> find(std::string_view key) const {
    const auto number = as_integer(key);
    return number ? look_up(*number) : look_up(key);
  }

  /// @return  the id of the key
  /// @throws DataError if it is not in the map; the text has the table and the key
  Id at(std::int64_t key) const { return found(find(key), key); }
  Id at(std::string_view key) const { return found(find(key), key); }

  /// @return  the key of the id, as text
  /// @throws DataError if the id is outside the map
  std::string key(Id id) const {
    check(id, "key");
    return is_text(id) ? std::string(text(id)) : std::to_string(stored(id));
  }

  /// @return  the key of the id where it is an integer; nothing where it is another text
  /// @throws DataError if the id is outside the map
  std::optional<std::int64_t> integer(Id id) const {
    check(id, "integer");
    return is_text(id) ? std::nullopt : std::optional(stored(id));
  }

  /// Makes the map of some of the keys: the key of ids[i] gets the id i.
  ///
  /// @throws DataError if an id is outside the map or comes twice
  IdMap select(std::span<const Id> ids) const {
    IdMap chosen(table_);
    for (const Id id : ids) {
      check(id, "select");
      const Id next = chosen.size();
      const Id given = is_text(id) ? chosen.place(text(id)) : chosen.place(stored(id));
      expects<DataError>(given == next, "IdMap::select: the id ", id, " of the table of ", table_, " comes twice");
    }
    return chosen;
  }

  /// The ids in ascending order of their keys: integers by value, then all other texts byte by byte.
  std::vector<Id> ascending() const {
    std::vector<Id> ids(keys_.size());
    std::iota(ids.begin(), ids.end(), Id{0});
    std::sort(ids.begin(), ids.end(), [this](Id a, Id b) {
      return is_text(a) != is_text(b) ? is_text(b) : is_text(a) ? text(a) < text(b) : stored(a) < stored(b);
    });
    return ids;
  }

  std::size_t bytes() const {  ///< the memory that the map holds
    return keys_.capacity() * sizeof(std::int64_t) + direct_.capacity() * sizeof(Id) + slots_.bytes() +
           is_text_.capacity() / 8 + characters_.capacity() + table_.capacity();
  }

  /// Gives back the room that was kept for further keys. Cost: O(size).
  void shrink_to_fit() {
    while (!direct_.empty() && direct_.back() == IdSlots::nothing) direct_.pop_back();
    direct_.shrink_to_fit();
    keys_.shrink_to_fit();
    is_text_.shrink_to_fit();
    characters_.shrink_to_fit();
  }

  /// Whether both maps give the same ids to the same keys, whatever their tables are called.
  friend bool operator==(const IdMap& a, const IdMap& b) {
    if (a.size() != b.size()) return false;
    for (Id id = 0; id < a.size(); ++id)
      if (a.is_text(id) ? !b.same(id, a.text(id)) : !b.same(id, a.stored(id))) return false;
    return true;
  }

 private:
  static constexpr std::size_t longest_search = 1024;  // keys that nobody chose to collide stay far below

  static std::optional<std::int64_t> as_integer(std::string_view key) {
    const std::size_t first = key.starts_with('-') ? 1 : 0;
    if (key.size() == first || key.size() > 20 || (key[first] == '0' && key.size() > 1)) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc() || end != key.data() + key.size()) return std::nullopt;
    return number;
  }

  // For a key that is no integer, the place of its length and characters.
  std::int64_t stored(Id id) const { return keys_[static_cast<std::size_t>(id)]; }
  bool is_text(Id id) const { return !is_text_.empty() && is_text_[static_cast<std::size_t>(id)]; }
  std::string_view text(Id id) const {
    std::uint32_t length = 0;
    const char* place = characters_.data() + stored(id);
    std::memcpy(&length, place, sizeof(length));
    return {place + sizeof(length), length};
  }
  bool same(Id id, std::int64_t key) const { return !is_text(id) && stored(id) == key; }
  bool same(Id id, std::string_view key) const { return is_text(id) && text(id) == key; }

  // The key is pushed last: when memory runs out before, the map is as it was.
  void append(std::int64_t key) {
    if (!is_text_.empty()) is_text_.resize(keys_.size() + 1);
    keys_.push_back(key);
  }
  void append(std::string_view key) {
    const std::size_t place = characters_.size();
    const auto length = static_cast<std::uint32_t>(key.size());
    characters_.append(reinterpret_cast<const char*>(&length), sizeof(length)).append(key);
    is_text_.resize(keys_.size() + 1);
    is_text_[keys_.size()] = true;
    keys_.push_back(static_cast<std::int64_t>(place));
  }

  // Integers near 0 need no hash: direct_ has their ids, or nothing.
  bool is_direct(std::int64_t key) const { return static_cast<std::uint64_t>(key) < direct_.size(); }
  void extend_direct(std::int64_t key) {
    if (static_cast<std::uint64_t>(key) >= 1024 + 4 * keys_.size() || is_direct(key)) return;
    direct_.resize(std::bit_ceil(static_cast<std::size_t>(key) + 1), IdSlots::nothing);
    for (Id id = 0; id < size(); ++id)
      if (!is_text(id) && is_direct(stored(id))) direct_[static_cast<std::size_t>(stored(id))] = id;
  }

  template <class Key>
  Id search(Key key) const {
    if constexpr (std::same_as<Key, std::int64_t>)
      if (is_direct(key)) return direct_[static_cast<std::size_t>(key)];
    return slots_.find(IdSlots::hash(key, seed_), [&](Id id) { return same(id, key); });
  }
  template <class Key>
  std::optional<Id> look_up(Key key) const {
    const Id id = search(key);
    return id == IdSlots::nothing ? std::nullopt : std::optional(id);
  }
  template <class Key>
  Id place(Key key) {
    if constexpr (!std::same_as<Key, std::int64_t>)
      expects<DataError>(key.size() < 1ull << 32, "IdMap::insert: a key of ", table_, " has ", key.size(), " bytes");
    if (const Id known = search(key); known != IdSlots::nothing) return known;
    // unreached: so many keys need over 40 GB
    expects<DataError>(keys_.size() < INT32_MAX, "IdMap::insert: the table of ", table_, " is full with 2^31-1 keys");
    if constexpr (std::same_as<Key, std::int64_t>) extend_direct(key);
    slots_.reserve_one();
    const Id id = size();
    append(key);
    if (index(id, key) > longest_search) reseed();
    return id;
  }
  std::size_t index(Id id, std::int64_t key) {
    if (!is_direct(key)) return slots_.insert(IdSlots::hash(key, seed_), id);
    direct_[static_cast<std::size_t>(key)] = id;
    return 0;
  }
  std::size_t index(Id id, std::string_view key) { return slots_.insert(IdSlots::hash(key, seed_), id); }

  void reseed() {
    std::random_device entropy;
    seed_ = (std::uint64_t{entropy()} << 32) | entropy();
    slots_.clear();
    for (Id id = 0; id < size(); ++id) is_text(id) ? index(id, text(id)) : index(id, stored(id));
  }

  template <class Key>
  Id found(std::optional<Id> id, Key key) const {
    if (id) return *id;
    throw DataError(text_of("IdMap::at: ", excerpt(text_of(key)), " is not one of the ", size(), " keys of ", table_));
  }
  void check(Id id, const char* function) const {
    expects<DataError>(id >= 0 && id < size(), "IdMap::", function, ": the table of ", table_, " has ", size(),
                       " keys, got the id ", id);
  }

  std::string table_;
  std::vector<std::int64_t> keys_;  // (size) the integer, or where in characters_ the text is
  std::vector<Id> direct_;          // the ids of the integers 0, 1, ..., or nothing
  IdSlots slots_;                   // the ids of all other keys
  std::vector<bool> is_text_;       // (size), empty while all keys are integers
  std::string characters_;          // length and characters of each text
  std::uint64_t seed_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
