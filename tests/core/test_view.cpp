// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/view.hpp>
#include <type_traits>
#include <vector>

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

TEST_CASE("a view is a pointer and extents: 16 bytes at rank 2, trivially copyable") {
  static_assert(sizeof(ls::View<float, 2, Host>) == 16);
  static_assert(std::is_trivially_copyable_v<ls::View<float, 3, Host>>);
  static_assert(std::is_convertible_v<ls::View<float, 2, Host>, ls::View<const float, 2, Host>>);
  static_assert(!std::is_convertible_v<ls::View<const float, 2, Host>, ls::View<float, 2, Host>>);
  CHECK(ls::View<float, 1, Host>().size() == 0);
}

TEST_CASE("elements lie row by row") {
  std::vector<int> numbers(24);
  for (int i = 0; i < 24; ++i) numbers[static_cast<std::size_t>(i)] = i;
  const ls::View<int, 3, Host> view(numbers.data(), 2, 3, 4);
  CHECK(view.size() == 24);
  CHECK(view(1, 2, 3) == 23);
  CHECK(view(1, 0, 2) == 14);
  CHECK(view.row(1) == numbers.data() + 12);
  const ls::View<const int, 2, Host> flat = ls::reshape(ls::View<const int, 3, Host>(view), 6, 4);
  CHECK(flat(5, 3) == 23);
  CHECK_THROWS_WITH_AS(ls::reshape(view, 5, 4), "reshape: 24 elements do not fill 20", ls::ShapeError);
}

TEST_CASE("a LayoutRight Kokkos view converts without a copy") {
  Kokkos::View<double**, Kokkos::LayoutRight, Host> kokkos("numbers", 3, 2);
  kokkos(2, 1) = 5;
  const ls::View<double, 2, Host> view = kokkos;
  CHECK(view.data() == kokkos.data());
  CHECK(view(2, 1) == 5);
  const ls::View<const double, 2, Host> readable = kokkos;
  CHECK(readable.extent(0) == 3);
  const auto part = Kokkos::subview(kokkos, Kokkos::ALL, Kokkos::make_pair(0, 1));
  if constexpr (std::is_same_v<decltype(part)::array_layout, Kokkos::LayoutRight>)
    CHECK_THROWS_WITH_AS((ls::View<double, 2, Host>(part)), "View: the Kokkos::View numbers is not contiguous",
                         ls::ShapeError);
}

TEST_CASE("sizes are computed in 64 bits") {
  const ls::View<float, 2, Host> huge(nullptr, 100'000, 100'000);
  CHECK(huge.size() == 10'000'000'000u);
  CHECK(reinterpret_cast<std::size_t>(huge.row(99'999)) == 99'999ull * 100'000 * sizeof(float));
}

TEST_CASE("a wide extent that an Index cannot hold is refused, not cut") {
  float number = 0;
  CHECK(ls::View<float, 1, Host>(&number, std::size_t{1}).extent(0) == 1);
  CHECK_THROWS_WITH_AS((ls::View<float, 2, Host>(&number, std::size_t{1} << 32, 1)),
                       "View: an extent is at least 0 and below 2^31, it is 4294967296", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::View<float, 1, Host>(&number, std::int64_t{-1})),
                       "View: an extent is at least 0 and below 2^31, it is -1", ls::ShapeError);
  CHECK_THROWS_AS((ls::View<float, 1, Host>(&number, 3'000'000'000u)), ls::ShapeError);
  const Kokkos::View<float*, Kokkos::LayoutRight, Host::memory_space, Kokkos::MemoryUnmanaged> wide(
      &number, std::size_t{1} << 31);
  CHECK_THROWS_WITH_AS((ls::View<float, 1, Host>(wide)),
                       "View: an extent is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
}
