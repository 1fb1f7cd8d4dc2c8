// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/id_map.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Named columns of equal length, one entry an event, that users bring beside the columns of a log: prices, kinds of
/// behaviour, dwell times. They go with their events through cleaning, splits, histories and batches.
///
///     log.columns.set("price", prices);                                  // xt::xtensor<float, 1>
///     const xt::xtensor<float, 1>& prices = log.columns.get<float>("price");
///
/// A column holds `float`, `Id` or `Seconds`. A column of ids may carry the `IdMap` that names them.
///
/// Cost: a column is found in O(columns); `select` O(rows).
class Columns {
 public:
  template <class T>
  using Values = xt::xtensor<T, 1>;

  /// Adds a column or replaces the one of that name.
  ///
  /// @param values  (N) one entry an event
  /// @param keys    the names of the ids, for a column of ids that has them
  /// @throws ShapeError if the length differs from that of the other columns
  template <class T>
    requires std::same_as<T, float> || std::same_as<T, Id> || std::same_as<T, Seconds>
  void set(std::string name, Values<T> values, IdMap keys = IdMap()) {
    for (const Column& column : columns_)
      expects(column.name == name || column.size() == values.size(), "Columns::set: expected '", name,
              "' to have the length of '", column.name, "', ", column.size(), ", got ", values.size());
    Column added{std::move(name), std::move(values), std::make_shared<const IdMap>(std::move(keys))};
    const auto place = std::ranges::find(columns_, added.name, &Column::name);
    if (place == columns_.end()) {
      columns_.push_back(std::move(added));
    } else {
      *place = std::move(added);
    }
  }

  /// The column of that name.
  ///
  /// @throws DataError if there is none, or it holds another type
  template <class T>
  const Values<T>& get(std::string_view name) const {
    const auto* values = std::get_if<Values<T>>(&find(name, "get").values);
    expects<DataError>(values != nullptr, "Columns::get: the column '", name, "' holds ", kind(name),
                       ", which is not the type asked for");
    return *values;
  }
  template <class T>
  Values<T>& get(std::string_view name) {
    return const_cast<Values<T>&>(std::as_const(*this).get<T>(name));
  }

  /// The names of the ids of that column: empty where it has none.
  ///
  /// @throws DataError if there is no column of that name
  const IdMap& keys(std::string_view name) const { return *find(name, "keys").keys; }

  /// What the column holds: "float", "Id" or "Seconds".
  ///
  /// @throws DataError if there is no column of that name
  std::string_view kind(std::string_view name) const {
    constexpr std::string_view kinds[] = {"float", "Id", "Seconds"};
    return kinds[find(name, "kind").values.index()];
  }

  /// Whether there is a column of that name, of whatever type.
  bool has(std::string_view name) const { return std::ranges::find(columns_, name, &Column::name) != columns_.end(); }
  /// Takes the column of that name out, if there is one.
  void erase(std::string_view name) {
    std::erase_if(columns_, [&](const Column& column) { return column.name == name; });
  }

  /// The names, in the order in which the columns were added.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    names.reserve(columns_.size());
    for (const Column& column : columns_) names.push_back(column.name);
    return names;
  }

  /// Calls `function(name, values)` for each column, in the order in which they were added.
  template <class Function>
  void for_each(Function&& function) const {
    for (const Column& column : columns_)
      std::visit([&](const auto& values) { function(std::string_view(column.name), values); }, column.values);
  }

  /// How many columns there are.
  std::size_t count() const { return columns_.size(); }

  /// The length N of every column; 0 where there is none.
  std::size_t size() const { return columns_.empty() ? 0 : columns_.front().size(); }

  /// Makes the columns of some events.
  ///
  /// @param rows  which events, in the order wanted; one may come several times
  /// @throws DataError if a row is outside the columns
  Columns select(std::span<const std::size_t> rows) const {
    Columns chosen;
    for (const Column& column : columns_) {
      chosen.columns_.push_back({column.name, {}, column.keys});
      std::visit([&](const auto& values) { chosen.columns_.back().values = chosen_from(values, rows); }, column.values);
    }
    return chosen;
  }

 private:
  struct Column {
    std::string name;
    std::variant<Values<float>, Values<Id>, Values<Seconds>> values;
    std::shared_ptr<const IdMap> keys;  // never changed, so copies of the columns share it

    std::size_t size() const {
      return std::visit([](const auto& array) { return array.size(); }, values);
    }
  };

  template <class T>
  static Values<T> chosen_from(const Values<T>& values, std::span<const std::size_t> rows) {
    auto chosen = Values<T>::from_shape({rows.size()});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      expects<DataError>(rows[i] < values.size(), "Columns::select: expected rows below ", values.size(), ", got ",
                         rows[i]);
      chosen.data()[i] = values.data()[rows[i]];
    }
    return chosen;
  }

  const Column& find(std::string_view name, const char* function) const {
    const auto place = std::ranges::find(columns_, name, &Column::name);
    if (place == columns_.end()) {
      std::string known;
      for (const Column& column : columns_) known += (known.empty() ? "'" : ", '") + column.name + "'";
      throw DataError(text_of("Columns::", function, ": there is no column '", name, "'; there ",
                              known.empty() ? "are none" : "are " + known));
    }
    return *place;
  }

  std::vector<Column> columns_;
};

}  // namespace longshore::inline LONGSHORE_ABI
