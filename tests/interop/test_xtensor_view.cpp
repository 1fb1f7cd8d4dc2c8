// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <longshore/core/tensor.hpp>
#include <longshore/interop/xtensor_view.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

namespace {

/// What an array of xtensor looks like, with more elements than an Index counts, and without their memory.
struct WideArray {
  static constexpr std::size_t rank = 1;
  static std::size_t dimension() { return rank; }
  static std::size_t size() { return std::size_t{1} << 31; }
  static std::array<std::size_t, 1> shape() { return {size()}; }
  static std::array<std::ptrdiff_t, 1> strides() { return {1}; }
  const float* data() const { return nullptr; }
} wide_array;

}  // namespace

TEST_CASE("xtensor arrays and views share memory") {
  xt::xtensor<float, 2> array = {{1, 2, 3}, {4, 5, 6}};
  const auto view = ls::view_of_xtensor<Host>(array);
  CHECK(view.data() == array.data());
  CHECK(view(1, 2) == 6);
  const auto& constant = array;
  static_assert(std::is_same_v<decltype(ls::view_of_xtensor<Host>(constant)), ls::View<const float, 2, Host>>);
  auto adapted = ls::adapt(view);
  adapted(0, 0) = 9;
  CHECK(array(0, 0) == 9);
  CHECK(adapted.shape()[1] == 3);
}

TEST_CASE("xarrays and adaptors are viewed too: what they are made of, of their rank") {
  std::vector<int> memory{1, 2, 3, 4, 5, 6};
  auto tensor = xt::adapt(memory, std::array<std::size_t, 2>{2, 3});
  auto array = xt::adapt(memory.data(), memory.size(), xt::no_ownership(), std::vector<std::size_t>{1, 2, 3});
  const auto of_tensor = ls::view_of_xtensor<Host>(tensor);
  const auto of_array = ls::view_of_xtensor<Host, 3>(array);
  static_assert(std::is_same_v<decltype(of_tensor), const ls::View<int, 2, Host>>);
  static_assert(std::is_same_v<decltype(of_array), const ls::View<int, 3, Host>>);
  CHECK(of_tensor.data() == memory.data());
  CHECK(of_array.data() == memory.data());
  CHECK(of_array(0, 1, 1) == 5);
  const std::vector<int>& constant = memory;
  const auto read_only = xt::adapt(constant, std::array<std::size_t, 1>{6});
  static_assert(std::is_same_v<decltype(ls::view_of_xtensor<Host>(read_only)), ls::View<const int, 1, Host>>);
  const xt::xarray<double> own = {{1, 2, 3}, {4, 5, 6}};
  const auto of_own = ls::view_of_xtensor<Host, 2>(own);
  static_assert(std::is_same_v<decltype(of_own), const ls::View<const double, 2, Host>>);
  CHECK(of_own(1, 0) == 4);
  const xt::xarray<double> none = xt::xarray<double>::from_shape({0, 3});
  CHECK(ls::view_of_xtensor<Host, 2>(none).extent(1) == 3);
}

TEST_CASE("P14: an array of another rank, column by column or with gaps is not viewed") {
  const xt::xarray<float> two = {{1, 2, 3}, {4, 5, 6}};
  CHECK_THROWS_WITH_AS((ls::view_of_xtensor<Host, 3>(two)),
                       "view_of_xtensor: the array has 2 dimensions, expected are 3", ls::ShapeError);
  const xt::xtensor<float, 2, xt::layout_type::column_major> columns = {{1, 2, 3}, {4, 5, 6}};
  CHECK_THROWS_WITH_AS(
      ls::view_of_xtensor<Host>(columns),
      "view_of_xtensor: the array is not row-major without gaps: along axis 1 its elements lie 2 apart, "
      "expected is 1",
      ls::ShapeError);
  std::vector<int> memory(12);
  const auto gaps = xt::adapt(memory.data(), 6, xt::no_ownership(), std::vector<std::size_t>{2, 3},
                              std::vector<std::ptrdiff_t>{6, 1});
  CHECK_THROWS_WITH_AS(
      (ls::view_of_xtensor<Host, 2>(gaps)),
      "view_of_xtensor: the array is not row-major without gaps: along axis 0 its elements lie 6 apart, "
      "expected is 3",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::view_of_xtensor<Host>(wide_array),
                       "view_of_xtensor: an extent is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
}

TEST_CASE_TEMPLATE("arrays of any space are copied into xtensor", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  ls::Tensor<Real, 3, typename Where::Space> tensor(1, 2, 2);
  ls::copy_from_host<Real>({1, 2, 3, 4}, tensor.view());
  const auto array = ls::to_xtensor(std::as_const(tensor).view());
  CHECK(array.dimension() == 3);
  CHECK(array(0, 1, 0) == 3);
}
