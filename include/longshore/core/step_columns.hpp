// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Named arrays with one entry a step: category, behaviour, time stamp, value, or whatever a user brings.
///
/// Cost: a column is found in O(columns); copies nothing.
template <class Space>
class StepColumns {
 public:
  using Array = std::variant<View<const Id, 1, Space>, View<const float, 1, Space>, View<const Seconds, 1, Space>>;
  struct Column {
    std::string name;
    Array array;
  };

  /// Adds a column (N); the memory belongs to the batch.
  template <class T>
  void set(std::string_view name, const View<const T, 1, Space>& array) {
    for (Column& column : columns_)
      if (column.name == name) {
        column.array = array;
        return;
      }
    columns_.push_back({std::string(name), array});
  }

  bool has(std::string_view name) const {
    for (const Column& column : columns_)
      if (column.name == name) return true;
    return false;
  }

  /// The column of that name.
  ///
  /// @return  (N)
  /// @throws DataError if there is none, or it holds another type
  template <class T>
  View<const T, 1, Space> get(std::string_view name) const {
    std::string known;
    for (const Column& column : columns_) {
      if (column.name == name) {
        const auto* array = std::get_if<View<const T, 1, Space>>(&column.array);
        expects<DataError>(array != nullptr, "StepColumns::get: the column '", name, "' holds another type");
        return *array;
      }
      known += (known.empty() ? "'" : ", '") + column.name + "'";
    }
    throw DataError(text_of("StepColumns::get: there is no column '", name, "'; there ",
                            known.empty() ? "are none" : "are " + known));
  }

  const std::vector<Column>& all() const { return columns_; }
  void clear() { columns_.clear(); }

 private:
  std::vector<Column> columns_;
};

}  // namespace longshore::inline LONGSHORE_ABI
