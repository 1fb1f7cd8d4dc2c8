// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/core/copy.hpp>
#include <longshore/core/tensor.hpp>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("elements go to a space and come back in order", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const std::vector<Real> numbers{1, 2, 3, 4, 5, 6};
  ls::Tensor<Real, 3, Space> a(1, 2, 3), b(1, 2, 3);
  ls::copy_from_host(numbers, a.view());
  ls::copy(std::as_const(a).view(), b.view());
  CHECK(ls::copy_to_host(b.view()) == numbers);
  CHECK(ls::copy_to_host(ls::View<const Real, 1, Space>()).empty());
}

TEST_CASE("P22: an array may have more elements than an extent can count" * doctest::test_suite("slow")) {
  using Space = Kokkos::Serial;
  ls::Tensor<std::uint8_t, 2, Space> large(2, 1 << 30);  // 2 GiB, and the vector as much again
  large.view()(1, (1 << 30) - 1) = 7;
  large.view()(0, 5) = 8;
  auto numbers = ls::copy_to_host(large.view());
  REQUIRE(numbers.size() == 2ull << 30);
  CHECK(numbers.back() == 7);
  CHECK(numbers[5] == 8);
  numbers.front() = 9;
  ls::copy_from_host(numbers, large.view());
  CHECK(large.view()(0, 0) == 9);
  CHECK(large.view()(1, (1 << 30) - 1) == 7);
}

TEST_CASE("P14: other extents are refused with both") {
  using Space = Kokkos::Serial;
  ls::Tensor<float, 2, Space> a(2, 3), b(2, 4);
  CHECK_THROWS_WITH_AS(ls::copy(std::as_const(a).view(), b.view()), "copy: extent 1 is 3 here and 4 there",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::copy_from_host<float>({1, 2}, a.view()), "copy_from_host: 2 elements do not fill 6",
                       ls::ShapeError);
}
