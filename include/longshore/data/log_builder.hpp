// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/chunked_column.hpp>
#include <longshore/data/id_map.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/is_finite_value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Collects events one by one and makes a log of them: what readers use, and programs whose events come from elsewhere.
///
///     LogBuilder builder({.has_values = false});
///     builder.add("anna", "B00A3", 1, 1700000000);
///     builder.add("bert", 4711, 1, 1700000060);
///     InteractionLog log = std::move(builder).finish();
///
/// Memory: 20 bytes an event while collecting, 28 for a moment in `finish`, beside the id maps and further columns;
/// 4 bytes less without values, 8 less without times.
///
/// Cost: `add` O(1) on average, with one look-up of each key.
class LogBuilder {
 public:
  /// What the events have beside user and item. What they lack is made up by `finish`: the value 1, the times 0, 1, 2,
  /// ...
  struct Settings {
    bool has_values = true;
    bool has_times = true;
  };

  LogBuilder() : LogBuilder(Settings{}) {}
  explicit LogBuilder(Settings settings) : settings_(settings) {}

  /// The builder that was moved from is empty and has its settings still, but no further columns.
  LogBuilder(LogBuilder&& other) noexcept : LogBuilder(other.settings_) { swap(other); }
  LogBuilder& operator=(LogBuilder&& other) noexcept {
    LogBuilder taken(std::move(other));
    swap(taken);
    return *this;
  }

  /// Declares a further column of `float`, `Id` or `Seconds`, before the first event is added.
  ///
  /// @return  the number by which `push` knows it
  /// @throws ShapeError if there are events already, or a column of that name
  template <class T>
    requires std::same_as<T, float> || std::same_as<T, Id> || std::same_as<T, Seconds>
  std::size_t add_column(std::string name) {
    expects(size() == 0, "LogBuilder::add_column: '", name, "' comes after the first event");
    for (const Further& column : further_)
      expects(column.name != name, "LogBuilder::add_column: there is a column '", name, "' already");
    IdMap keys(name);
    further_.push_back({std::move(name), ChunkedColumn<T>(), std::move(keys)});
    return further_.size() - 1;
  }

  /// Adds an event.
  ///
  /// @param user, item  keys: integers or texts, each by itself
  /// @param value       ignored where the events have none
  /// @param time        ignored where the events have none
  /// @throws DataError if the value is not finite, or 2^31-1 users or items are known
  template <class UserKey, class ItemKey>
  void add(const UserKey& user, const ItemKey& item, float value = 1, Seconds time = 0) {
    expects<DataError>(is_finite_value(value), "LogBuilder::add: expected a finite value, got ", value);
    const Id user_id = user_ids_.insert(user);
    const Id item_id = item_ids_.insert(item);
    users_.push_back(user_id);
    items_.push_back(item_id);
    if (settings_.has_values) values_.push_back(value);
    if (settings_.has_times) times_.push_back(time);
  }

  /// Makes a user known who may have no event.
  void add_user(std::string_view user) { user_ids_.insert(user); }

  /// Gives the event that was added last its entry in a further column.
  ///
  /// @throws ShapeError if there is no such column of that type
  template <class T>
  void push(std::size_t column, T value) {
    expects(column < further_.size() && std::holds_alternative<ChunkedColumn<T>>(further_[column].values),
            "LogBuilder::push: there is no column ", column, " of this type");
    std::get<ChunkedColumn<T>>(further_[column].values).push_back(value);
  }

  /// The same for a column of ids whose keys are in the data.
  ///
  /// @throws ShapeError if there is no such column, or it is none of ids
  void push_key(std::size_t column, std::string_view key) {
    expects(column < further_.size(), "LogBuilder::push_key: there is no column ", column);
    push<Id>(column, further_[column].keys.insert(key));
  }

  /// The number of events so far, and of different users and items.
  std::size_t size() const { return users_.size(); }
  Id user_count() const { return user_ids_.size(); }
  Id item_count() const { return item_ids_.size(); }

  /// Makes the log. The builder is empty afterwards.
  ///
  /// @throws ShapeError if a further column does not have one entry an event
  InteractionLog finish() && {
    InteractionLog log;
    const std::size_t count = size();
    log.has_times = settings_.has_times;
    log.has_values = settings_.has_values;
    user_ids_.shrink_to_fit();
    item_ids_.shrink_to_fit();
    // The widest column first: while it is taken, its entries are there twice.
    if (log.has_times) {
      log.times = times_.take();
    } else {
      log.times = xt::xtensor<Seconds, 1>::from_shape({count});
      std::iota(log.times.data(), log.times.data() + count, Seconds{0});
    }
    if (log.has_values) {
      log.values = values_.take();
    } else {
      log.values = xt::xtensor<float, 1>::from_shape({count});
      std::fill_n(log.values.data(), count, 1.0f);
    }
    log.users = users_.take();
    log.items = items_.take();
    log.user_ids = std::exchange(user_ids_, IdMap("users"));
    log.item_ids = std::exchange(item_ids_, IdMap("items"));
    for (Further& column : further_)
      std::visit(
          [&](auto& values) {
            expects(values.size() == count, "LogBuilder::finish: expected the column '", column.name, "' to have ",
                    count, " entries, one an event, got ", values.size());
            log.columns.set(column.name, values.take(), std::move(column.keys));
          },
          column.values);
    further_.clear();
    return log;
  }

 private:
  void swap(LogBuilder& other) noexcept {
    std::swap(settings_, other.settings_);
    std::swap(users_, other.users_);
    std::swap(items_, other.items_);
    std::swap(values_, other.values_);
    std::swap(times_, other.times_);
    std::swap(user_ids_, other.user_ids_);
    std::swap(item_ids_, other.item_ids_);
    std::swap(further_, other.further_);
  }

  struct Further {
    std::string name;
    std::variant<ChunkedColumn<float>, ChunkedColumn<Id>, ChunkedColumn<Seconds>> values;
    IdMap keys;
  };

  Settings settings_;
  ChunkedColumn<Id> users_, items_;
  ChunkedColumn<float> values_;
  ChunkedColumn<Seconds> times_;
  IdMap user_ids_ = IdMap("users"), item_ids_ = IdMap("items");
  std::vector<Further> further_;
};

}  // namespace longshore::inline LONGSHORE_ABI
