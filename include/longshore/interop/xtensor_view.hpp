// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <longshore/core/copy.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A view over an xtensor array on the host, without a copy.
///
/// Cost: O(1), no copy.
///
/// @tparam Space  a host space
/// @param array   row-major; must outlive the view
template <class Space, class T, std::size_t Rank>
View<T, static_cast<int>(Rank), Space> view_of_xtensor(xt::xtensor<T, Rank>& array) {
  static_assert(is_host_space<Space>, "view_of_xtensor gives a view on a host space; copy from it to a device");
  View<T, static_cast<int>(Rank), Space> view;
  view.pointer = array.data();
  for (std::size_t r = 0; r < Rank; ++r) view.extents[r] = static_cast<Index>(array.shape()[r]);
  return view;
}
template <class Space, class T, std::size_t Rank>
View<const T, static_cast<int>(Rank), Space> view_of_xtensor(const xt::xtensor<T, Rank>& array) {
  return view_of_xtensor<Space>(const_cast<xt::xtensor<T, Rank>&>(array));
}

/// Copies an array of any space into an xtensor array. Blocks.
template <class T, int Rank, class Space>
xt::xtensor<std::remove_const_t<T>, static_cast<std::size_t>(Rank)> to_xtensor(const View<T, Rank, Space>& view) {
  using Plain = std::remove_const_t<T>;
  std::array<std::size_t, static_cast<std::size_t>(Rank)> shape{};
  for (int r = 0; r < Rank; ++r) shape[static_cast<std::size_t>(r)] = static_cast<std::size_t>(view.extent(r));
  auto result = xt::xtensor<Plain, static_cast<std::size_t>(Rank)>::from_shape(shape);
  using Host = Kokkos::DefaultHostExecutionSpace;
  copy(View<const Plain, 1, Space>(view.data(), view.size()), View<Plain, 1, Host>(result.data(), view.size()));
  return result;
}

/// An xtensor adaptor over an array on a host, without a copy: an xtensor expression like any other.
///
/// Cost: O(1), no copy.
///
/// @param view  of a host space; must outlive the adaptor
template <class T, int Rank, class Space>
auto adapt(const View<T, Rank, Space>& view) {
  static_assert(is_host_space<Space>, "adapt needs memory that the host reaches; use to_xtensor for a device array");
  std::array<std::size_t, static_cast<std::size_t>(Rank)> shape{};
  for (int r = 0; r < Rank; ++r) shape[static_cast<std::size_t>(r)] = static_cast<std::size_t>(view.extent(r));
  return xt::adapt(view.data(), view.size(), xt::no_ownership(), shape);
}

}  // namespace longshore::inline LONGSHORE_ABI
