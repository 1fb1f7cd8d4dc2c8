// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <type_traits>
#include <vector>

#include <longshore/core/kokkos.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Copies elements that lie one after another, any number of them. Blocks.
///
/// Cost: O(count).
///
/// @throws Error outside the life of Kokkos
template <class From, class To, class T>
void copy_elements(const T* from, T* to, std::size_t count) {
  if (count == 0) return;
  expects_kokkos("copy");
  if constexpr (is_host_space<From> && is_host_space<To>) {
    Kokkos::fence();
    std::memcpy(to, from, count * sizeof(T));
  } else {
    const Kokkos::View<const T*, typename From::memory_space, Kokkos::MemoryUnmanaged> source(from, count);
    const Kokkos::View<T*, typename To::memory_space, Kokkos::MemoryUnmanaged> target(to, count);
    Kokkos::deep_copy(target, source);
  }
}

/// Copies all elements from one array to another of the same extents, on the same or another space.
///
/// Blocks until both are ready: for set-up, files and tests, not for steps.
///
/// Cost: O(elements).
///
/// @throws ShapeError if the extents differ
template <class T, int Rank, class From, class To>
void copy(const View<T, Rank, From>& from, const View<std::remove_const_t<T>, Rank, To>& to) {
  for (int r = 0; r < Rank; ++r)
    expects(from.extent(r) == to.extent(r), "copy: extent ", r, " is ", from.extent(r), " here and ", to.extent(r),
            " there");
  copy_elements<From, To, std::remove_const_t<T>>(from.data(), to.data(), from.size());
}

/// Copies a host range into an array of any space, element by element in row-major order. Blocks.
///
/// Cost: O(elements).
///
/// @throws ShapeError if the numbers of elements differ
template <class T, int Rank, class Space>
void copy_from_host(const std::vector<std::remove_const_t<T>>& from, const View<T, Rank, Space>& to) {
  using Host = Kokkos::DefaultHostExecutionSpace;
  expects(from.size() == to.size(), "copy_from_host: ", from.size(), " elements do not fill ", to.size());
  copy_elements<Host, Space, T>(from.data(), to.data(), from.size());
}

/// @return  the elements of an array of any space, in row-major order, on the host. Blocks.
template <class T, int Rank, class Space>
std::vector<std::remove_const_t<T>> copy_to_host(const View<T, Rank, Space>& from) {
  using Host = Kokkos::DefaultHostExecutionSpace;
  using Plain = std::remove_const_t<T>;
  std::vector<Plain> result(from.size());
  copy_elements<Space, Host, Plain>(from.data(), result.data(), result.size());
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI
