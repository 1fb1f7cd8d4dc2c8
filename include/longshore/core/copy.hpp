// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <type_traits>
#include <vector>

#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Copies all elements from one array to another of the same extents, on the same or another space.
///
/// Blocks until both are ready: for set-up, files and tests, not for steps.
///
/// @throws ShapeError if the extents differ
template <class T, int Rank, class From, class To>
void copy(const View<T, Rank, From>& from, const View<std::remove_const_t<T>, Rank, To>& to) {
  for (int r = 0; r < Rank; ++r)
    expects(from.extent(r) == to.extent(r), "copy: extent ", r, " is ", from.extent(r), " here and ", to.extent(r),
            " there");
  if (from.size() == 0) return;
  if constexpr (is_host_space<From> && is_host_space<To>) {
    Kokkos::fence();
    std::memcpy(to.data(), from.data(), from.size() * sizeof(T));
  } else {
    using Plain = std::remove_const_t<T>;
    const Kokkos::View<const Plain*, typename From::memory_space, Kokkos::MemoryUnmanaged> source(from.data(),
                                                                                                  from.size());
    const Kokkos::View<Plain*, typename To::memory_space, Kokkos::MemoryUnmanaged> target(to.data(), to.size());
    Kokkos::deep_copy(target, source);
  }
}

/// Copies a host range into an array of any space, element by element in row-major order. Blocks.
///
/// @throws ShapeError if the numbers of elements differ
template <class T, int Rank, class Space>
void copy_from_host(const std::vector<std::remove_const_t<T>>& from, const View<T, Rank, Space>& to) {
  using Host = Kokkos::DefaultHostExecutionSpace;
  expects(from.size() == to.size(), "copy_from_host: ", from.size(), " elements do not fill ", to.size());
  copy(View<const T, 1, Host>(from.data(), from.size()), View<T, 1, Space>(to.data(), to.size()));
}

/// @return  the elements of an array of any space, in row-major order, on the host. Blocks.
template <class T, int Rank, class Space>
std::vector<std::remove_const_t<T>> copy_to_host(const View<T, Rank, Space>& from) {
  using Host = Kokkos::DefaultHostExecutionSpace;
  using Plain = std::remove_const_t<T>;
  std::vector<Plain> result(from.size());
  copy(View<const Plain, 1, Space>(from.data(), from.size()), View<Plain, 1, Host>(result.data(), result.size()));
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
