// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <longshore/core/copy.hpp>
#include <longshore/interop/xtensor.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A view over an xtensor array on the host, without a copy: an `xtensor` or `xarray`, or an adaptor (`xt::adapt`) over
/// memory of others.
///
///     view_of_xtensor<Space>(tensor)   view_of_xtensor<Space, 3>(array)   // an xarray knows its rank at run time
///
/// Cost: O(1), no copy.
///
/// @tparam Space  a host space
/// @tparam Rank   of the view; may be left out if the type of the array has it
/// @param array   row-major, without gaps; must outlive the view, an adaptor's memory too
/// @return        of constant elements if the array's are
/// @throws ShapeError if the array is of another rank, lies otherwise, or has an extent of 2^31 or more
template <class Space, std::size_t Rank = 0, class Array>
auto view_of_xtensor(Array& array) {
  static_assert(is_host_space<Space>,
                "longshore: view_of_xtensor gives a view on a host space; copy from it to a device");
  constexpr std::size_t own = xt::get_rank<Array>::value;  // SIZE_MAX: known at run time
  constexpr std::size_t rank = Rank == 0 ? own : Rank;
  static_assert(rank != SIZE_MAX,
                "longshore: the array knows its rank at run time; write view_of_xtensor<Space, Rank>");
  static_assert(own == SIZE_MAX || own == rank, "longshore: view_of_xtensor: the array has another rank");
  expects(array.dimension() == rank, "view_of_xtensor: the array has ", array.dimension(), " dimensions, expected are ",
          rank);
  View<std::remove_pointer_t<decltype(array.data())>, static_cast<int>(rank), Space> view;
  view.pointer = array.data();
  std::size_t step = 1;  // between neighbours along axis r
  for (std::size_t r = rank; r-- > 0;) {
    const auto extent = static_cast<std::size_t>(array.shape()[r]);
    expects_extents("view_of_xtensor", extent);
    expects(extent <= 1 || static_cast<std::size_t>(array.strides()[r]) == step || array.size() == 0,
            "view_of_xtensor: the array is not row-major without gaps: along axis ", r, " its elements lie ",
            array.strides()[r], " apart, expected is ", step);
    view.extents[r] = static_cast<Index>(extent);
    step *= extent;
  }
  return view;
}

/// Copies an array of any space into an xtensor array. Blocks.
template <class T, int Rank, class Space>
xt::xtensor<std::remove_const_t<T>, static_cast<std::size_t>(Rank)> to_xtensor(const View<T, Rank, Space>& view) {
  using Plain = std::remove_const_t<T>;
  std::array<std::size_t, static_cast<std::size_t>(Rank)> shape{};
  for (int r = 0; r < Rank; ++r) shape[static_cast<std::size_t>(r)] = static_cast<std::size_t>(view.extent(r));
  auto result = xt::xtensor<Plain, static_cast<std::size_t>(Rank)>::from_shape(shape);
  using Host = Kokkos::DefaultHostExecutionSpace;
  copy_elements<Space, Host, Plain>(view.data(), result.data(), view.size());  // in 64 bits, whatever the extents
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
