// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <climits>
#include <initializer_list>
#include <span>

#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Up to eight values inside a settings struct, which stays plain data: sizes of layers, weights of interests.
///
///     Mlp<float, Space> tower({.in = 128, .sizes = {100, 64, 1}});
///
/// A list may be given more than eight; it is then refused where it is used: by the block whose setting it is, which
/// calls `within` and so names itself, else by whatever is asked of the list first.
///
/// Cost: room for eight values, whatever it holds.
template <class T>
struct SmallList {
  static constexpr int most = 8;
  T values[most] = {};  // the first of those given
  int given = 0;

  constexpr SmallList() = default;
  constexpr SmallList(std::initializer_list<T> list) : SmallList(std::span<const T>(list.begin(), list.size())) {}
  /// The same from values known at run time.
  explicit constexpr SmallList(std::span<const T> list)
      : given(static_cast<int>(std::min<std::size_t>(list.size(), INT_MAX))) {
    for (int i = 0; i < std::min(given, most); ++i) values[i] = list[static_cast<std::size_t>(i)];
  }

  /// The list itself, if it was not given too many values.
  ///
  /// @param whose  the block and its setting, for the error: "MlpScorer: .hidden"
  /// @param fit    how many the block takes
  /// @throws ShapeError saying whose list it is, how many values it was given and how many fit
  constexpr const SmallList& within(const char* whose, int fit = most) const {
    if (given > fit) throw ShapeError(text_of(whose, " has ", given, " values, at most ", fit, " fit"));
    return *this;
  }

  // Each throws ShapeError if more than eight values were given.
  constexpr int size() const { return within("SmallList: the list").given; }
  constexpr bool empty() const { return given == 0; }
  constexpr const T& operator[](int i) const { return within("SmallList: the list").values[i]; }
  constexpr const T& back() const { return values[size() - 1]; }
  constexpr const T* begin() const { return within("SmallList: the list").values; }
  constexpr const T* end() const { return values + size(); }

  /// Appends a value; a ninth is refused as above.
  constexpr void add(const T& value) {
    if (given < most) values[given] = value;
    ++given;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
