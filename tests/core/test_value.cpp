// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/value.hpp>

#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/sequences.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {

/// A space that is not `Space`, in name.
struct OtherSpace {
  using memory_space = Kokkos::HostSpace;
};

}  // namespace

TEST_CASE("a value is its array and where the gradient goes; a constant has no such place") {
  std::vector<float> numbers(6);
  ls::Gradient gradient;
  const ls::Matrix<float, Space> constant(ls::View<float, 2, Space>(numbers.data(), 2, 3));
  const ls::Matrix<float, Space> value(ls::View<float, 2, Space>(numbers.data(), 3, 2), &gradient);
  CHECK(constant.gradient == nullptr);
  CHECK(constant.extent(0) == 2);
  CHECK(constant.extent(1) == 3);
  CHECK(value.gradient == &gradient);
  CHECK(gradient.data == nullptr);                                       // the loss has not reached it
  static_assert(std::is_trivially_copyable_v<ls::Cube<double, Space>>);  // backward steps are copied as bytes
}

TEST_CASE("the same value with other extents shares elements and gradient") {
  std::vector<double> numbers(24);
  ls::Gradient gradient;
  const ls::Value<double, 1, Space> flat(ls::View<double, 1, Space>(numbers.data(), 24), &gradient);
  const ls::Cube<double, Space> cube = ls::reshape(flat, 2, 3, 4);
  CHECK(cube.data.data() == numbers.data());
  CHECK(cube.gradient == &gradient);
  CHECK(cube.extent(2) == 4);
  cube.data(1, 2, 3) = 5;
  CHECK(numbers[23] == 5);
  CHECK_THROWS_WITH_AS(ls::reshape(cube, 5, 5), "reshape: 24 elements do not fill 25", ls::ShapeError);
}

TEST_CASE("neighbours that differ in scalar, rank, space or kind do not convert, and a concept sees a clean no") {
  using Wanted = ls::Matrix<float, Space>;
  static_assert(std::is_convertible_v<ls::View<float, 2, Space>, Wanted>);
  static_assert(!std::is_convertible_v<ls::View<const float, 2, Space>, Wanted>);
  static_assert(!std::is_constructible_v<Wanted, ls::Sequences<float, Space>>);
  static_assert(!std::is_constructible_v<Wanted, ls::Sequences<double, Space>>);
  static_assert(!std::is_constructible_v<Wanted, ls::Matrix<double, Space>>);
  static_assert(!std::is_constructible_v<Wanted, ls::Cube<float, Space>>);
  static_assert(!std::is_constructible_v<Wanted, ls::Value<float, 1, Space>>);
  static_assert(!std::is_constructible_v<Wanted, ls::Matrix<float, OtherSpace>>);
  static_assert(std::is_copy_constructible_v<Wanted>);
}

TEST_CASE("a target says where a gradient goes and whether it is added; an empty one, that nobody wants it") {
  std::vector<float> numbers(6);
  const ls::View<float, 2, Space> view(numbers.data(), 2, 3);
  const ls::Target<float, 2, Space> none, first{view}, later{view, ls::Update::add};
  CHECK_FALSE(none);
  CHECK(first);
  CHECK_FALSE(first.adds());
  CHECK(later.adds());
  const ls::Target<float, 1, Space> flat = ls::reshape(later, 6);
  CHECK(flat.view.data() == numbers.data());
  CHECK(flat.view.extent(0) == 6);
  CHECK(flat.adds());
  CHECK_FALSE(ls::reshape(none, 6));  // whatever the extents
  CHECK_THROWS_AS(ls::reshape(first, 7), ls::ShapeError);
}
