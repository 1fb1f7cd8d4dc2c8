// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/index.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <longshore/core/inference.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/core/view.hpp>
#include <type_traits>

namespace ls = longshore;

TEST_CASE("ids and extents have 32 bits, time stamps 64") {
  static_assert(std::is_signed_v<ls::Index> && std::numeric_limits<ls::Index>::max() == 2'147'483'647);
  static_assert(std::is_same_v<ls::Id, ls::Index>, "a kernel may index rows by ids");
  // The last second of 32 bits, 2038-01-19 03:14:07 UTC, is not the end.
  CHECK(ls::Seconds{2'147'483'647} + 1 == 2'147'483'648);
}

TEST_CASE("offsets of elements are computed in 64 bits") {
  const ls::View<const char, 2, Kokkos::Serial> large(nullptr, 70'000, 70'000);
  CHECK(large.size() == 4'900'000'000u);
  const ls::View<const char, 3, Kokkos::Serial> larger(nullptr, 2'000'000'000, 2, 2);
  CHECK(larger.size() == 8'000'000'000u);
}

TEST_CASE("P22: an extent is below 2^31; a longer one is refused, not cut") {
  using Space = Kokkos::Serial;
  using Bytes = ls::Tensor<char, 2, Space>;
  const volatile std::int64_t limit = 2'147'483'647;  // or g++ warns of the allocations that never happen
  const std::int64_t most = limit;
  CHECK(Bytes(0, most).extent(1) == most);
  CHECK_THROWS_WITH_AS(Bytes(0, most + 1), "Tensor: an extent is at least 0 and below 2^31, it is 2147483648",
                       ls::ShapeError);
  CHECK_THROWS_AS(Bytes(static_cast<std::size_t>(2 * most + 2), 1), ls::ShapeError);  // would be 0, were it cut
  ls::Inference<Space> context;
  CHECK(ls::scratch<char>(context, 0, most).extent(1) == most);
  CHECK_THROWS_WITH_AS(ls::scratch<char>(context, most + 1),
                       "scratch: an extent is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
  CHECK_THROWS_AS(ls::scratch<double>(context, static_cast<std::size_t>(2 * most + 3)), ls::ShapeError);
  CHECK_THROWS_AS(ls::scratch<char>(context, 3, -most), ls::ShapeError);
}
