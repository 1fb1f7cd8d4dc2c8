// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <longshore/core/log_weight.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The name of a step column, kept in the object itself: settings, which are plain data, can hold it. Empty: no column.
///
/// Cost: 48 bytes; copies the characters.
class ColumnName {
 public:
  static constexpr std::size_t most = 47;  // characters

  ColumnName() = default;
  /// @throws ShapeError if the name has more than 47 characters
  ColumnName(std::string_view name) : size_(static_cast<unsigned char>(std::min(name.size(), most))) {
    expects(name.size() <= most, "ColumnName: '", name, "' has ", name.size(), " characters, at most ", most,
            " are expected");
    std::copy_n(name.data(), size_, text_);
  }
  ColumnName(const char* name) : ColumnName(name ? std::string_view(name) : std::string_view()) {}
  ColumnName(const std::string& name) : ColumnName(std::string_view(name)) {}

  operator std::string_view() const { return {text_, size_}; }
  bool empty() const { return size_ == 0; }

 private:
  char text_[most] = {};
  unsigned char size_ = 0;
};

/// Named arrays with one entry a step: category, behaviour, time stamp, value, weight, or whatever a user brings.
///
/// Cost: a column is found in O(columns); copies nothing, and allocates nothing for names that it had before `clear`.
template <class Space>
class StepColumns {
 public:
  using Array = std::variant<View<const Id, 1, Space>, View<const float, 1, Space>, View<const Seconds, 1, Space>,
                             View<const LogWeight, 1, Space>>;
  struct Column {
    std::string name;
    Array array;
  };

  StepColumns() = default;
  StepColumns(const StepColumns&) = default;
  StepColumns(StepColumns&& other) noexcept
      : columns_(std::exchange(other.columns_, {})), count_(std::exchange(other.count_, 0)) {}
  StepColumns& operator=(const StepColumns&) = default;
  StepColumns& operator=(StepColumns&& other) noexcept {
    columns_ = std::exchange(other.columns_, {});
    count_ = std::exchange(other.count_, 0);
    return *this;
  }

  /// Adds a column (N), or replaces the one of that name; the memory belongs to the batch.
  template <class T>
  void set(std::string_view name, const View<const T, 1, Space>& array) {
    std::size_t place = 0;
    while (place < count_ && columns_[place].name != name) ++place;
    if (place == columns_.size()) columns_.emplace_back();
    if (place == count_) {
      columns_[place].name.assign(name);  // what the string had before stays its memory
      ++count_;
    }
    columns_[place].array = array;
  }

  /// Whether there is a column of that name, of whatever type.
  bool has(std::string_view name) const { return find(name) != nullptr; }

  /// Whether there is a column of that name and type.
  template <class T>
  bool holds(std::string_view name) const {
    const Column* column = find(name);
    return column && std::holds_alternative<View<const T, 1, Space>>(column->array);
  }

  /// The column of that name.
  ///
  /// @return  (N)
  /// @throws DataError if there is none, or it holds another type
  template <class T>
  View<const T, 1, Space> get(std::string_view name) const {
    const Column* column = find(name);
    if (!column) throw DataError(text_of("StepColumns::get: there is no column '", name, "'; there ", known()));
    const auto* array = std::get_if<View<const T, 1, Space>>(&column->array);
    expects<DataError>(array != nullptr, "StepColumns::get: the column '", name, "' holds another type");
    return *array;
  }

  std::span<const Column> all() const { return {columns_.data(), count_}; }
  /// Forgets all columns; the memory for their names stays.
  void clear() { count_ = 0; }

 private:
  const Column* find(std::string_view name) const {
    for (const Column& column : all())
      if (column.name == name) return &column;
    return nullptr;
  }
  std::string known() const {
    std::string names;
    for (const Column& column : all()) names += (names.empty() ? "'" : ", '") + column.name + "'";
    return names.empty() ? "are none" : "are " + names;
  }

  std::vector<Column> columns_;  // those behind the first `count_` were cleared; their names keep their memory
  std::size_t count_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI
