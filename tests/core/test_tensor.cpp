// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/tensor.hpp>
#include <utility>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("a tensor starts with zeros, copies its elements and moves its memory", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> a(2, 3);
  CHECK(ls::copy_to_host(a.view()) == std::vector<Real>(6, 0));
  ls::copy_from_host<Real>({1, 2, 3, 4, 5, 6}, a.view());
  ls::Tensor<Real, 2, Space> b = a;
  CHECK(b.data() != a.data());
  b.fill_with_zeros();
  CHECK(ls::copy_to_host(a.view()) == std::vector<Real>{1, 2, 3, 4, 5, 6});
  const Real* memory = a.data();
  const auto c = std::move(a);
  CHECK(c.data() == memory);
  CHECK(a.empty());  // NOLINT: moved from, and empty by contract
  CHECK(c.extent(1) == 3);
}

TEST_CASE("assigning a tensor of equal size keeps the memory") {
  using Space = Kokkos::Serial;
  ls::Tensor<float, 1, Space> a(4), b(4), c(5);
  ls::copy_from_host<float>({1, 2, 3, 4}, b.view());
  const float* memory = a.data();
  a = b;
  CHECK(a.data() == memory);
  CHECK(a.view()(3) == 4);
  a = c;
  CHECK(a.extent(0) == 5);
  a = *&a;
  CHECK(a.extent(0) == 5);
}

TEST_CASE("P14: a negative extent is refused") {
  const volatile int negative = -1;  // known at run time only, or g++ warns of the allocation that never happens
  CHECK_THROWS_WITH_AS((ls::Tensor<float, 2, Kokkos::Serial>(3, negative)),
                       "Tensor: an extent is at least 0 and below 2^31, it is -1", ls::ShapeError);
}

TEST_CASE("P14: extents whose product wraps are refused; with one of zero there are no elements") {
  const volatile int a = 2097152, b = 1048576, most = 2147483647;  // volatile: as above
  CHECK_THROWS_WITH_AS((ls::Tensor<double, 3, Kokkos::Serial>(a, b, b)),
                       "Tensor: the extents multiply to 2^58 elements or more", ls::ShapeError);
  CHECK_THROWS_AS((ls::Tensor<double, 4, Kokkos::Serial>(most, most, most, most)), ls::ShapeError);
  CHECK_THROWS_AS((ls::Tensor<double, 2, Kokkos::Serial>(1 << 29, 1 << 29)), ls::ShapeError);
  CHECK(ls::Tensor<double, 4, Kokkos::Serial>(0, most, most, most).empty());
  CHECK_NOTHROW(ls::expects_extents("f", most, 1 << 26));
}
