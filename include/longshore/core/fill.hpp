// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `fill`, which says what it computes.
template <class T>
struct Fill {
  static inline const std::string label = "longshore::fill";
  T* data;
  T value;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { data[i] = value; }
};

/// Sets every element to a value. Does not wait.
///
/// Cost: O(elements).
template <class T, int Rank, class Space, class Executor>
void fill(const Executor& executor, const View<T, Rank, Space>& view, T value) {
  for_each(executor, static_cast<std::int64_t>(view.size()), Fill<T>{view.data(), value});
}

}  // namespace longshore::inline LONGSHORE_ABI
