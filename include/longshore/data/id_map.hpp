// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Numbers keys densely from 0 in the order of their first insertion, and gives the keys back.
///
/// A key is a text. Texts that are the usual decimal form of a 64-bit integer ("42", "-7"; not "007", "+1") are
/// stored as integers, and `insert(42)` and `insert("42")` are the same key; all others, such as "B00A3" or numbers
/// beyond 64 bits, are stored as they are. One map may hold both kinds.
///
/// State: 8 bytes a key, a hash table of 5 to 11 bytes a key, and the characters of keys that are no integers.
/// Cost: O(1) expected for each call; keys chosen to collide are met by reseeding the hash. Ids never depend on that.
class IdMap {
 public:
  /// @param table  what the ids number, in the plural: errors name it
  explicit IdMap(std::string table = "ids") : table_(std::move(table)) {}

  /// Makes the map of the keys 0, 1, ..., count-1 to themselves, for logs whose ids are dense already.
  ///
  /// @throws ShapeError if the count is negative
  static IdMap dense(std::string table, Id count) {
    expects(count >= 0, "IdMap::dense: expected a count of at least 0, got ", count);
    IdMap map(std::move(table));
    map.reserve(count);
    for (Id id = 0; id < count; ++id) map.insert(std::int64_t{id});
    return map;
  }

  /// The number of keys; ids are 0 to size()-1.
  Id size() const { return static_cast<Id>(keys_.size()); }
  bool empty() const { return keys_.empty(); }

  /// What the ids number.
  const std::string& table() const { return table_; }

  /// Makes room for so many keys. Never required.
  void reserve(Id count) {
    keys_.reserve(static_cast<std::size_t>(count));
    if (slots_wanted(static_cast<std::size_t>(count)) > slots_.size()) rebuild(static_cast<std::size_t>(count));
  }

  /// The id of the key, which is added when it is new.
  ///
  /// @throws DataError if 2^31-1 keys are in the map already
  Id insert(std::int64_t key) {
    return place(hash(key), [&](Id id) { return !is_text(id) && keys_[static_cast<std::size_t>(id)] == key; }, [&] {
      keys_.push_back(key);
      if (!is_text_.empty()) is_text_.push_back(false);
    });
  }
  Id insert(std::string_view key) {
    if (const auto number = as_integer(key)) return insert(*number);
    return place(hash(key), [&](Id id) { return is_text(id) && text(id) == key; }, [&] { append(key); });
  }

  /// The id of the key, or nothing if it is not in the map.
  std::optional<Id> find(std::int64_t key) const {
    return look_up(hash(key), [&](Id id) { return !is_text(id) && keys_[static_cast<std::size_t>(id)] == key; });
  }
  std::optional<Id> find(std::string_view key) const {
    if (const auto number = as_integer(key)) return find(*number);
    return look_up(hash(key), [&](Id id) { return is_text(id) && text(id) == key; });
  }

  /// The id of the key.
  ///
  /// @throws DataError if the key is not in the map; the text has the table and the key
  template <class Key>
    requires std::integral<Key> || std::convertible_to<const Key&, std::string_view>
  Id at(const Key& key) const {
    const auto id = find_any(key);
    expects<DataError>(id.has_value(), "IdMap::at: the table of ", table_, " has ", size(), " keys, and '", key,
                       "' is not one of them");
    return *id;
  }

  /// The key of the id, as text.
  ///
  /// @throws DataError if the id is outside the map; the text has the table, the id and the size
  std::string key(Id id) const {
    check(id, "key");
    return is_text(id) ? std::string(text(id)) : std::to_string(keys_[static_cast<std::size_t>(id)]);
  }

  /// The key of the id where it is an integer, nothing where it is another text.
  ///
  /// @throws DataError if the id is outside the map
  std::optional<std::int64_t> integer(Id id) const {
    check(id, "integer");
    if (is_text(id)) return std::nullopt;
    return keys_[static_cast<std::size_t>(id)];
  }

  /// Makes the map of some of the keys: the key of ids[i] gets the id i.
  ///
  /// @throws DataError if an id is outside the map or comes twice
  IdMap select(std::span<const Id> ids) const {
    IdMap chosen(table_);
    chosen.reserve(static_cast<Id>(ids.size()));
    for (const Id id : ids) {
      check(id, "select");
      const Id given = is_text(id) ? chosen.insert(text(id)) : chosen.insert(keys_[static_cast<std::size_t>(id)]);
      expects<DataError>(given + 1 == chosen.size() && static_cast<std::size_t>(given) == static_cast<std::size_t>(&id - ids.data()),
                         "IdMap::select: the id ", id, " of the table of ", table_, " comes twice");
    }
    return chosen;
  }

  /// The ids in ascending order of their keys: integers by value, then all other texts byte by byte.
  ///
  /// Cost: O(size log size).
  std::vector<Id> ascending() const;

  /// The memory that the map holds, in bytes.
  std::size_t bytes() const {
    return keys_.capacity() * sizeof(std::int64_t) + slots_.capacity() * sizeof(Id) + is_text_.capacity() / 8 +
           characters_.capacity() + table_.capacity();
  }

  /// Whether both maps give the same ids to the same keys. The names of the tables do not count.
  friend bool operator==(const IdMap& a, const IdMap& b) {
    if (a.size() != b.size()) return false;
    for (Id id = 0; id < a.size(); ++id) {
      if (a.is_text(id) != b.is_text(id)) return false;
      if (a.is_text(id) ? a.text(id) != b.text(id)
                        : a.keys_[static_cast<std::size_t>(id)] != b.keys_[static_cast<std::size_t>(id)])
        return false;
    }
    return true;
  }
