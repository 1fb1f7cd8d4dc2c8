// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/interaction_log.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What becomes of keys that the first log has not got.
enum class UnknownKeys {
  refuse,   // an error
  append,   // each gets an id of its own, behind the known ones
  one_row,  // all share the id behind the known ones: `unknown_id()` of an EmbeddingTable with .unknown_row = true
};

/// How `renumber_as` treats what is new.
struct RenumberAsSettings {
  UnknownKeys users = UnknownKeys::append;  // a user is more than a row of a table: each keeps a history
  UnknownKeys items = UnknownKeys::one_row;
  UnknownKeys columns = UnknownKeys::one_row;  // columns of ids that carry their keys in both logs
  std::string unknown = "(unknown)";           // the key of that one row
};

/// Numbers keys as another map does.
struct RenumberedKeys {
  std::vector<Id> number;  // the new id of each old one
  IdMap keys;              // the known ones, and what is new behind them
  Id shared = -1;          // the id that unknown keys share, if they do

  /// @param own    the keys as they are numbered now
  /// @param known  the keys as they shall be numbered
  /// @throws DataError if a key is unknown and that is refused; if the key for unknown ones is known
  RenumberedKeys(const IdMap& own, const IdMap& known, UnknownKeys policy, std::string_view unknown) : keys(known) {
    if (policy == UnknownKeys::one_row) {
      shared = keys.insert(unknown);
      expects<DataError>(shared == known.size(), "renumber_as: the table of ", known.table(), " has a key ",
                         excerpt(unknown), "; give another .unknown");
    }
    number.reserve(static_cast<std::size_t>(own.size()));
    for (Id id = 0; id < own.size(); ++id) {
      const std::string key = own.key(id);
      const auto found = known.find(key);
      expects<DataError>(found || policy != UnknownKeys::refuse, "renumber_as: ", excerpt(key), " is not one of the ",
                         known.size(), " keys of ", known.table());
      number.push_back(found ? *found : shared >= 0 ? shared : keys.insert(key));
    }
  }

  /// Puts the new id in the place of each own one.
  ///
  /// @param ids  (N) each below the number of own keys: that is believed
  void apply(xt::xtensor<Id, 1>& ids) const {
    for (Id& id : ids) id = number[static_cast<std::size_t>(id)];
  }
  /// Texts by the new ids: those of the first log, else the log's own.
  std::vector<std::string> texts(const std::vector<std::string>& own, const std::vector<std::string>& first) const {
    if (own.empty() && first.empty()) return {};
    std::vector<std::string> texts = first;
    texts.resize(static_cast<std::size_t>(keys.size()));
    for (std::size_t id = 0; id < own.size(); ++id) {
      std::string& text = texts[static_cast<std::size_t>(number[id])];
      if (text.empty() && number[id] != shared) text = own[id];
    }
    return texts;
  }
};

/// Numbers the users and items of a log as another one does: a model that was trained on the first log reads the
/// second.
///
///     model.items = EmbeddingTable<Real, Space>({.rows = first.item_count(), .features = 64, .unknown_row = true});
///     ...
///     auto log = read_csv("today.csv");
///     renumber_as(log, first);  // unseen items become model.items.unknown_id()
///
/// Works in place; the events keep their order, values and times. The tables become those of the first log, with what
/// is new behind them; titles and categories are the first log's where it has them. For one key, in a server:
/// `ids.find(key).value_or(table.unknown_id())`.
///
/// Cost: O(N + U + I) expected.
///
/// @param first  needs its tables only (`user_ids`, `item_ids`), and may have no events
/// @throws ShapeError, DataError  as `check_log`; the log is as it was then
/// @throws DataError              if a key is new and that is refused, or a table has the key `settings.unknown`
inline void renumber_as(InteractionLog& log, const InteractionLog& first, const RenumberAsSettings& settings = {}) {
  check_log(log);
  RenumberedKeys users(log.user_ids, first.user_ids, settings.users, settings.unknown);
  RenumberedKeys items(log.item_ids, first.item_ids, settings.items, settings.unknown);
  std::vector<std::pair<std::string, RenumberedKeys>> columns;
  for (const std::string& name : log.columns.names()) {
    if (log.columns.kind(name) != "Id" || log.columns.keys(name).size() == 0) continue;
    if (!first.columns.has(name) || first.columns.keys(name).size() == 0) continue;
    columns.emplace_back(
        name, RenumberedKeys(log.columns.keys(name), first.columns.keys(name), settings.columns, settings.unknown));
  }
  log.item_names = items.texts(log.item_names, first.item_names);
  log.item_categories = items.texts(log.item_categories, first.item_categories);
  users.apply(log.users);
  items.apply(log.items);
  for (auto& [name, renumbered] : columns) {
    auto ids = log.columns.get<Id>(name);
    renumbered.apply(ids);
    log.columns.set<Id>(name, std::move(ids), std::move(renumbered.keys));
  }
  log.user_ids = std::move(users.keys);
  log.item_ids = std::move(items.keys);
}

}  // namespace longshore::inline LONGSHORE_ABI
