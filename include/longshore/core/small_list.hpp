// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <span>

#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Up to eight values inside a settings struct, which stays plain data: sizes of layers, weights of interests.
///
///     Mlp<float, Space> tower({.in = 128, .sizes = {100, 64, 1}});
///
/// Cost: room for eight values, whatever it holds.
template <class T>
struct SmallList {
  static constexpr int most = 8;
  T values[most] = {};
  int count = 0;

  constexpr SmallList() = default;
  /// @throws ShapeError for more than eight values
  constexpr SmallList(std::initializer_list<T> given) : SmallList(std::span<const T>(given.begin(), given.size())) {}
  /// The same from values known at run time.
  explicit constexpr SmallList(std::span<const T> given) {
    if (given.size() > most) throw ShapeError(text_of("SmallList: ", given.size(), " values, at most ", most, " fit"));
    for (const T& value : given) values[count++] = value;
  }

  constexpr int size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr const T& operator[](int i) const { return values[i]; }
  constexpr const T& back() const { return values[count - 1]; }
  constexpr const T* begin() const { return values; }
  constexpr const T* end() const { return values + count; }

  /// Appends a value.
  ///
  /// @throws ShapeError if there are eight already
  constexpr void add(const T& value) {
    if (count == most) throw ShapeError(text_of("SmallList: ", count + 1, " values, at most ", most, " fit"));
    values[count++] = value;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
