// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/order.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

TEST_CASE("Order: hand: each order has a name") {
  CHECK(longshore::name_of(longshore::Order::sequential) == "sequential");
  CHECK(longshore::name_of(longshore::Order::blocked) == "blocked");
}

TEST_CASE("Order: refused: sequential steps on a device") {
  using Host = Kokkos::Serial;
  longshore::check_order<Host>("Svd", longshore::Order::sequential);
  longshore::check_order<Kokkos::DefaultExecutionSpace>("Svd", longshore::Order::blocked);
  if constexpr (!longshore::is_host_space<Kokkos::DefaultExecutionSpace>)
    CHECK_THROWS_WITH_AS(longshore::check_order<Kokkos::DefaultExecutionSpace>("Svd", longshore::Order::sequential),
                         "Svd: Order::sequential works on a host; take Order::blocked on a device",
                         longshore::ShapeError);
}
