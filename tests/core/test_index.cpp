// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/index.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
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
